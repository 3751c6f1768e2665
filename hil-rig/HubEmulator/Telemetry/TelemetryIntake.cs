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
        if (!PropertyBag.TryDecode(bag, out Dictionary<string, string?> properties))
        {
            return false;
        }

        var system = new Dictionary<string, string?>(StringComparer.Ordinal);
        var application = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach ((string key, string? value) in properties)
        {
            (SystemKeys.Contains(key) ? system : application)[key] = value;
        }

        if (SizeOf(body.Length, system, application) > MostBytes)
        {
            return false;
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
        return true;
    }

    private static long SizeOf(int body, Dictionary<string, string?> system, Dictionary<string, string?> application) =>
        (long)body
        + system.Values.Sum(SizeOf)
        + application.Sum(property => (long)SizeOf(property.Key) + SizeOf(property.Value));

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
