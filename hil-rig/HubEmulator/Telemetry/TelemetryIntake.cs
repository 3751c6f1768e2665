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

        IReadOnlyDictionary<string, string?> system = TelemetryProperties.Of(pairs.FindAll(pair => SystemKeys.Contains(pair.Key)));
        pairs.RemoveAll(pair => SystemKeys.Contains(pair.Key));
        IReadOnlyDictionary<string, string?> application = TelemetryProperties.Of(pairs);
        if (SizeOf(body.Length, system, application) > MostBytes)
        {
            return false;
        }

        if (!added.IsEmpty)
        {
            pairs.AddRange(added);
            application = TelemetryProperties.Of(pairs);
        }

        DateTimeOffset now = clock.GetUtcNow();
        var message = new ReceivedTelemetry
        {
            DeviceId = source.DeviceId,
            ModuleId = source.ModuleId,
            MessageId = system.GetValueOrDefault("$.mid"),
            EnqueuedTime = now,
            SystemProperties = system,
            ApplicationProperties = application,
            Annotations = new TelemetryAnnotations(source.Annotations, now, system.GetValueOrDefault("$.sub")),
            Body = body,
        };
        log.Append(message);
        stream.Append(message);
        return true;
    }

    private static long SizeOf(int body, IReadOnlyDictionary<string, string?> system, IReadOnlyDictionary<string, string?> application)
    {
        long size = body;
        foreach ((_, string? value) in system)
        {
            size += SizeOf(value);
        }

        foreach ((string name, string? value) in application)
        {
            size += SizeOf(name) + SizeOf(value);
        }

        return size;
    }

    private static int SizeOf(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);
}
