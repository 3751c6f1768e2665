using System.Text;
using HubEmulator.Events;
using HubEmulator.Mqtt;

namespace HubEmulator.Telemetry;

/// <summary>Turns a publish to an events topic into telemetry in the log and the stream: decodes the bag, tells system from application properties, adds annotations.</summary>
internal sealed class TelemetryIntake(TelemetryLog log, EventStream stream, TimeProvider clock)
{
    /// <summary>Body, values of system properties, names and values of application properties together.</summary>
    public const int MostBytes = 262_144;

    private static readonly HashSet<string> SystemKeys = new(StringComparer.Ordinal)
    {
        "$.mid", "$.cid", "$.uid", "$.to", "$.exp", "$.ct", "$.ce", "$.ctime", "$.sub", "$.ifid", "$.schema", "$.on",
        "$.diagid", "$.diagctx", "$.tracestate",
    };

    /// <param name="source">The connection it came over.</param>
    /// <param name="bag">The encoded properties.</param>
    /// <param name="body">The payload, which the log keeps.</param>
    /// <param name="added">Application properties that the service adds.</param>
    /// <returns>False when the bag is malformed or the message too large; the connection that sent it must end.</returns>
    public bool TryTake(TelemetrySource source, ReadOnlySpan<char> bag, ReadOnlyMemory<byte> body, ReadOnlySpan<KeyValuePair<string, string?>> added)
    {
        var pairs = new List<KeyValuePair<string, string?>>();
        if (!PropertyBag.TryDecode(bag, pairs))
        {
            return false;
        }

        IReadOnlyDictionary<string, string?> properties = TelemetryProperties.Of(pairs);
        bool fits = Fits(properties, body.Length);
        if (fits)
        {
            Take(source, properties, body, added);
        }

        return fits;
    }

    /// <summary>False for a message that is too large.</summary>
    /// <param name="properties">All its properties, those of the system under their keys with <c>$.</c>.</param>
    /// <param name="bodyBytes">The size of its payload.</param>
    public static bool Fits(IReadOnlyDictionary<string, string?> properties, int bodyBytes)
    {
        long size = bodyBytes;
        foreach ((string key, string? value) in properties)
        {
            size += (SystemKeys.Contains(key) ? 0 : SizeOf(key)) + SizeOf(value);
        }

        return size <= MostBytes;
    }

    /// <summary>Takes a message that fits.</summary>
    /// <param name="source">Who sent it.</param>
    /// <param name="properties">All its properties, those of the system under their keys with <c>$.</c>.</param>
    /// <param name="body">The payload, which the log keeps.</param>
    /// <param name="added">Application properties that the service adds.</param>
    public void Take(TelemetrySource source, IReadOnlyDictionary<string, string?> properties, ReadOnlyMemory<byte> body, ReadOnlySpan<KeyValuePair<string, string?>> added)
    {
        var ofSystem = new List<KeyValuePair<string, string?>>();
        var ofApplication = new List<KeyValuePair<string, string?>>();
        foreach (KeyValuePair<string, string?> property in properties)
        {
            (SystemKeys.Contains(property.Key) ? ofSystem : ofApplication).Add(property);
        }

        ofApplication.AddRange(added);
        IReadOnlyDictionary<string, string?> system = TelemetryProperties.Of(ofSystem);
        DateTimeOffset now = clock.GetUtcNow();
        var message = new ReceivedTelemetry
        {
            DeviceId = source.DeviceId,
            ModuleId = source.ModuleId,
            MessageId = system.GetValueOrDefault("$.mid"),
            EnqueuedTime = now,
            SystemProperties = system,
            ApplicationProperties = TelemetryProperties.Of(ofApplication),
            Annotations = new TelemetryAnnotations(source.Annotations, now, system.GetValueOrDefault("$.sub")),
            Body = body,
        };
        log.Append(message);
        stream.Append(message);
    }

    private static int SizeOf(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);
}
