namespace Node.HubClient.Connection;

/// <summary>What can happen on a connection.</summary>
internal enum TransportEventKind
{
    /// <summary>CONNACK with return code 0.</summary>
    Accepted,

    /// <summary>CONNACK with another return code: <see cref="TransportEvent.Code"/>. The connection is closed.</summary>
    Refused,

    /// <summary>A PUBLISH from the hub.</summary>
    Published,

    /// <summary>PUBACK for <see cref="TransportEvent.PacketId"/>.</summary>
    PublishAcknowledged,

    /// <summary>SUBACK for <see cref="TransportEvent.PacketId"/>; return codes in <see cref="TransportEvent.Payload"/>.</summary>
    Subscribed,

    /// <summary>UNSUBACK.</summary>
    Unsubscribed,

    /// <summary>PINGRESP.</summary>
    Pong,

    /// <summary>The connection is gone or never came about.</summary>
    Lost,
}

/// <summary>Why a connection was lost.</summary>
internal enum LossCause
{
    /// <summary>Name resolution, TCP or TLS failed.</summary>
    Network,

    /// <summary>The peer closed or reset an open connection.</summary>
    Closed,

    /// <summary>The peer broke the protocol.</summary>
    Protocol,
}

/// <summary>One event of a connection. A value on the stack: it holds views of the receive buffer.</summary>
internal readonly ref struct TransportEvent
{
    /// <summary>What happened.</summary>
    public required TransportEventKind Kind { get; init; }

    /// <summary>CONNACK return code.</summary>
    public int Code { get; init; }

    /// <summary>Packet id of an acknowledgement, or of a PUBLISH with QoS 1.</summary>
    public ushort PacketId { get; init; }

    /// <summary>QoS of a PUBLISH.</summary>
    public byte QualityOfService { get; init; }

    /// <summary>Topic of a PUBLISH, UTF-8.</summary>
    public ReadOnlySpan<byte> Topic { get; init; }

    /// <summary>Payload of a PUBLISH, or the return codes of a SUBACK.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Why the connection was lost.</summary>
    public LossCause Cause { get; init; }

    /// <summary>For people: what exactly was lost and why. Null for other events.</summary>
    public string? Detail { get; init; }

    /// <summary>The connection is gone.</summary>
    public static TransportEvent Lost(LossCause cause, string detail) => new() { Kind = TransportEventKind.Lost, Cause = cause, Detail = detail };
}
