namespace HubEmulator;

/// <summary>A device-to-cloud message as the hub took it in.</summary>
public sealed record ReceivedTelemetry
{
    /// <summary>Counts the messages of the hub from 1, without gaps, in the order of their acceptance.</summary>
    public long SequenceNumber { get; internal set; }

    /// <summary>The device that sent it.</summary>
    public required string DeviceId { get; init; }

    /// <summary>The module of the device that sent it, or null when it was the device itself.</summary>
    public string? ModuleId { get; init; }

    /// <summary>The system property <c>$.mid</c>, or null when the device set none.</summary>
    public string? MessageId { get; init; }

    /// <summary>When the hub took it in, by the hub's clock.</summary>
    public required DateTimeOffset EnqueuedTime { get; init; }

    /// <summary>System properties by their short key, such as <c>$.ct</c>; a null value was sent as a key alone.</summary>
    public required IReadOnlyDictionary<string, string?> SystemProperties { get; init; }

    /// <summary>Application properties, decoded; a null value was sent as a key alone.</summary>
    public required IReadOnlyDictionary<string, string?> ApplicationProperties { get; init; }

    /// <summary>What the hub adds for readers of its built-in endpoint, such as <c>iothub-connection-auth-method</c> and <c>dt-dataschema</c>.</summary>
    public required IReadOnlyDictionary<string, string> Annotations { get; init; }

    /// <summary>The payload, unchanged.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }
}
