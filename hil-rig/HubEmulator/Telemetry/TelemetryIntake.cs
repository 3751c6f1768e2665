using System.Text;
using HubEmulator.Events;
using HubEmulator.Identity;
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
        if (!PropertyBag.TryDecode(bag, out Dictionary<string, string?> properties) || !Fits(properties, body.Length))
        {
            return false;
        }

        Take(source, properties, body, added);
        return true;
    }

    /// <summary>False for a message that is too large.</summary>
    /// <param name="properties">All its properties, those of the system under their keys with <c>$.</c>.</param>
    /// <param name="bodyBytes">The size of its payload.</param>
    public static bool Fits(IReadOnlyDictionary<string, string?> properties, int bodyBytes) =>
        bodyBytes + properties.Sum(property => (SystemKeys.Contains(property.Key) ? 0L : SizeOf(property.Key)) + SizeOf(property.Value)) <= MostBytes;

    /// <summary>Takes a message that fits.</summary>
    /// <param name="source">Who sent it.</param>
    /// <param name="properties">All its properties, those of the system under their keys with <c>$.</c>.</param>
    /// <param name="body">The payload, which the log keeps.</param>
    /// <param name="added">Application properties that the service adds.</param>
    public void Take(TelemetrySource source, IReadOnlyDictionary<string, string?> properties, ReadOnlyMemory<byte> body, ReadOnlySpan<KeyValuePair<string, string?>> added)
    {
        var system = new Dictionary<string, string?>(StringComparer.Ordinal);
        var application = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach ((string key, string? value) in properties)
        {
            (SystemKeys.Contains(key) ? system : application)[key] = value;
        }

        foreach ((string key, string? value) in added)
        {
            application[key] = value;
        }

        DateTimeOffset now = clock.GetUtcNow();
        stream.Append(log.Append(new ReceivedTelemetry
        {
            DeviceId = DeviceIds.DeviceOf(source.Identity),
            ModuleId = DeviceIds.ModuleOf(source.Identity),
            MessageId = system.GetValueOrDefault("$.mid"),
            EnqueuedTime = now,
            SystemProperties = system,
            ApplicationProperties = application,
            Annotations = Annotate(source, system, now),
            Body = body,
        }));
    }

    private static int SizeOf(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);

    private static Dictionary<string, string> Annotate(TelemetrySource source, Dictionary<string, string?> system, DateTimeOffset now)
    {
        var annotations = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["iothub-connection-device-id"] = DeviceIds.DeviceOf(source.Identity),
            ["iothub-connection-auth-method"] = source.AuthMethod,
            ["iothub-connection-auth-generation-id"] = source.GenerationId,
            ["iothub-enqueuedtime"] = Times.Stamp(now),
            ["iothub-message-source"] = "Telemetry",
        };
        if (DeviceIds.ModuleOf(source.Identity) is { } module)
        {
            annotations["iothub-connection-module-id"] = module;
        }

        if (source.ModelId is { } model)
        {
            annotations["dt-dataschema"] = model;
        }

        if (system.GetValueOrDefault("$.sub") is { } component)
        {
            annotations["dt-subject"] = component;
        }

        return annotations;
    }
}
