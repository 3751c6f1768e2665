using System.Globalization;
using System.Runtime.InteropServices;
using Amqp;
using Amqp.Framing;
using Amqp.Types;
using HubEmulator.Events;

namespace HubEmulator.Amqp;

/// <summary>Writes telemetry as readers of Event Hubs get it: annotations of the hub and the partition, system properties in the properties section, the others unchanged.</summary>
internal static class EventMessage
{
    public static Message Write(StreamedEvent streamed)
    {
        ReceivedTelemetry telemetry = streamed.Message;
        return new Message
        {
            MessageAnnotations = Annotate(streamed),
            Properties = SystemOf(telemetry.SystemProperties),
            ApplicationProperties = ApplicationOf(telemetry),
            BodySection = new Data { Binary = BytesOf(telemetry.Body) },
        };
    }

    private static MessageAnnotations Annotate(StreamedEvent streamed)
    {
        ReceivedTelemetry telemetry = streamed.Message;
        var annotations = new MessageAnnotations();
        foreach ((string key, string value) in telemetry.Annotations)
        {
            annotations[new Symbol(key)] = value;
        }

        if (telemetry.SystemProperties.GetValueOrDefault("$.ifid") is { } interfaceId)
        {
            annotations[new Symbol("iothub-interface-id")] = interfaceId;
        }

        if (telemetry.SystemProperties.GetValueOrDefault("$.schema") is { } schema)
        {
            annotations[new Symbol("iothub-message-schema")] = schema;
        }

        annotations[new Symbol("iothub-enqueuedtime")] = telemetry.EnqueuedTime.UtcDateTime;
        annotations[new Symbol("x-opt-sequence-number")] = streamed.SequenceNumber;
        annotations[new Symbol("x-opt-offset")] = streamed.Offset.ToString(CultureInfo.InvariantCulture);
        annotations[new Symbol("x-opt-enqueued-time")] = telemetry.EnqueuedTime.UtcDateTime;
        annotations[new Symbol("x-opt-partition-key")] = telemetry.DeviceId;
        return annotations;
    }

    /// <summary>Sets what there is; an absent field stays out.</summary>
    private static Properties? SystemOf(IReadOnlyDictionary<string, string?> system)
    {
        var properties = new Properties();
        bool isAny = false;
        Set("$.mid", text => properties.MessageId = text);
        Set("$.cid", text => properties.CorrelationId = text);
        Set("$.uid", text => properties.UserId = System.Text.Encoding.UTF8.GetBytes(text));
        Set("$.to", text => properties.To = text);
        Set("$.ct", text => properties.ContentType = text);
        Set("$.ce", text => properties.ContentEncoding = text);
        if (DateTimeOffset.TryParse(system.GetValueOrDefault("$.exp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset expiry))
        {
            Set("$.exp", _ => properties.AbsoluteExpiryTime = expiry.UtcDateTime);
        }

        return isAny ? properties : null;

        void Set(string key, Action<string> set)
        {
            if (system.GetValueOrDefault(key) is { } text)
            {
                set(text);
                isAny = true;
            }
        }
    }

    private static ApplicationProperties? ApplicationOf(ReceivedTelemetry telemetry)
    {
        var properties = new ApplicationProperties();
        foreach ((string key, string? value) in telemetry.ApplicationProperties)
        {
            properties[key] = value;
        }

        if (telemetry.SystemProperties.GetValueOrDefault("$.ctime") is { } created)
        {
            properties["iothub-creation-time-utc"] = created;
        }

        foreach (string key in new[] { "$.on", "$.diagid", "$.diagctx", "$.tracestate" })
        {
            if (telemetry.SystemProperties.TryGetValue(key, out string? value))
            {
                properties[key] = value; // the service has no documented place for it
            }
        }

        return properties.Map.Count == 0 ? null : properties;
    }

    private static byte[] BytesOf(ReadOnlyMemory<byte> body) =>
        MemoryMarshal.TryGetArray(body, out ArraySegment<byte> segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : body.ToArray();
}
