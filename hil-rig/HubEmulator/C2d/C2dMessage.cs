namespace HubEmulator;

/// <summary>A cloud-to-device message as its sender makes it.</summary>
public sealed record C2dMessage
{
    /// <summary>System property <c>$.mid</c>, at most 128 characters; null for none.</summary>
    public string? MessageId { get; init; }

    /// <summary>System property <c>$.cid</c>; null for none.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>System property <c>$.uid</c>; null for none.</summary>
    public string? UserId { get; init; }

    /// <summary>System property <c>$.to</c> as the sender writes it; null for the device's address.</summary>
    public string? To { get; init; }

    /// <summary>System property <c>$.ct</c>; null for none.</summary>
    public string? ContentType { get; init; }

    /// <summary>System property <c>$.ce</c>; null for none.</summary>
    public string? ContentEncoding { get; init; }

    /// <summary>What the sender wants to hear of its end. Null leaves the property <c>iothub-ack</c> out, which means none.</summary>
    public C2dAck? Ack { get; init; }

    /// <summary>When it is no longer worth delivering; it also goes after the hub's hour. Null leaves it at that.</summary>
    public DateTimeOffset? ExpiryTime { get; init; }

    /// <summary>Application properties in the sender's order; a null value travels as a key alone.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>> Properties { get; init; } = [];

    /// <summary>The payload.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }
}
