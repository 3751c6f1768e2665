using System.Globalization;
using Node.Host.Spool;
using Node.Host.Upload;
using Node.HubClient;

namespace Node.Host.Hub;

/// <summary>How spooled readings look on their way to the hub: a message for one component; docs/telemetry.md.</summary>
internal static class TelemetryShape
{
    private const int LeastCompressed = 256; // Below it the frame of gzip costs more than it saves.

    /// <summary>A reading alone, or several as a batch; compressed where asked for and where that saves bytes. An alarm stays plain.</summary>
    public static TelemetryMessage Message(Shipment shipment, bool gzip = false)
    {
        ReadOnlyMemory<byte> body = shipment.Count == 1 ? shipment.First.Body : BatchBody.Write(shipment.Readings);
        byte[]? packed = gzip && !shipment.IsAlarm && body.Length >= LeastCompressed ? BatchBody.Gzip(body.Span) : null;
        SpooledMessage first = shipment.First;
        var message = new TelemetryMessage(packed ?? body)
        {
            MessageId = shipment.Count == 1 ? first.MessageId : BatchId(shipment),
            ContentType = "application/json",
            ContentEncoding = packed is null ? "utf-8" : "gzip",
            CreationTime = first.SampledAt,
            ComponentName = first.Component,
        };
        Describe(shipment, message.Properties);
        return message;
    }

    private static void Describe(Shipment shipment, IList<KeyValuePair<string, string?>> properties)
    {
        SpooledMessage first = shipment.First;
        properties.Add(new("seq", Text(first.Sequence)));
        properties.Add(new("boot", first.BootId));
        if (shipment.Count > 1)
        {
            properties.Add(new("batch", Text(shipment.Count)));
            properties.Add(new("lastSeq", Text(shipment.Readings[^1].Sequence)));
            return;
        }

        properties.Add(new("quality", first.Quality));
        properties.Add(new("timeSynced", first.TimeSynced ? "true" : "false"));
        if (shipment.IsAlarm)
        {
            properties.Add(new("alarm", "true"));
        }
    }

    /// <summary>The same for the same readings at every attempt; the readings' own ids are in the body.</summary>
    private static string BatchId(Shipment shipment) =>
        $"{shipment.First.MessageId}.{Text(shipment.Readings[^1].Sequence)}.{Text(shipment.Count)}";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
