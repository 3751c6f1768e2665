using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Node.Host.Automation;

/// <summary>
/// The telemetry body of an alarm:
/// <c>{"alarm":{"threshold":"hot","quantity":"temperature","state":"raised","cause":"crossed","value":31.2,"limit":30,"since":"2026-03-01T12:00:00.000Z","forSeconds":10,"drive":{"actuator":"fan","outcome":"on"}}}</c>.
/// </summary>
internal static class AlarmBody
{
    /// <summary>The instants' form everywhere in alarms.</summary>
    public static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Writes a change.</summary>
    /// <param name="threshold">Whose alarm it is.</param>
    /// <param name="state">How it stands now.</param>
    /// <param name="cause"><c>crossed</c>, <c>returned</c>, <c>operator</c> or <c>removed</c>.</param>
    /// <param name="past">How long the value had been past the limit.</param>
    public static byte[] Write(Threshold threshold, AlarmState state, string cause, TimeSpan past)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("alarm");
            json.WriteString("threshold", threshold.Id);
            json.WriteString("quantity", threshold.Quantity);
            json.WriteString("state", state.IsRaised ? "raised" : "cleared");
            json.WriteString("cause", cause);
            json.WriteNumber("value", state.Value);
            json.WriteNumber("limit", threshold.Limit);
            json.WriteString("since", Instant(state.Since!.Value));
            json.WriteNumber("forSeconds", Math.Round(past.TotalSeconds, 3));
            if (threshold.Drive is { } drive)
            {
                json.WriteStartObject("drive");
                json.WriteString("actuator", drive.Actuator);
                json.WriteString("outcome", state.Drive ?? "none");
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
