using System.Globalization;
using Node.Host.Spool;
using Node.HubClient;

namespace Node.Host.Hub;

/// <summary>How a spooled reading looks on its way to the hub: one message for each component, routable by its body.</summary>
internal static class TelemetryShape
{
    public static TelemetryMessage Message(SpooledMessage spooled) => new(spooled.Body)
    {
        MessageId = spooled.MessageId, // The same at every attempt, so that a consumer can drop repeats.
        ContentType = "application/json",
        ContentEncoding = "utf-8",
        CreationTime = spooled.SampledAt,
        ComponentName = spooled.Component,
        Properties =
        {
            KeyValuePair.Create<string, string?>("seq", spooled.Sequence.ToString(CultureInfo.InvariantCulture)),
            KeyValuePair.Create<string, string?>("boot", spooled.BootId),
            KeyValuePair.Create<string, string?>("quality", spooled.Quality),
            KeyValuePair.Create<string, string?>("timeSynced", spooled.TimeSynced ? "true" : "false"),
        },
    };
}
