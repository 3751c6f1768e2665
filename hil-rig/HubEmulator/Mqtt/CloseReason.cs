namespace HubEmulator.Mqtt;

/// <summary>Why a connection ended; for the log, and to tell whether the will is due.</summary>
internal enum CloseReason
{
    None = 0,

    /// <summary>The client sent DISCONNECT. The only reason that discards the will.</summary>
    Disconnected,

    /// <summary>The client closed the connection, or the network lost it.</summary>
    LinkLost,

    /// <summary>CONNECT was answered with a refusal.</summary>
    Refused,

    /// <summary>CONNECT did not come in time.</summary>
    ConnectTimeout,

    /// <summary>No packet for one and a half times the keep-alive.</summary>
    KeepAliveTimeout,

    /// <summary>The token ran out, grace included.</summary>
    TokenExpired,

    /// <summary>The same device connected anew.</summary>
    TakenOver,

    /// <summary>The identity was deleted, disabled, or got new keys.</summary>
    IdentityChanged,

    /// <summary>Bytes that are no MQTT 3.1.1 packet, or one that has no place here.</summary>
    MalformedPacket,

    /// <summary>A filter that this hub does not serve.</summary>
    ForbiddenFilter,

    /// <summary>A topic that this hub does not serve, or one of another device.</summary>
    ForbiddenTopic,

    /// <summary>A publish at QoS 2.</summary>
    ForbiddenQos,

    /// <summary>A malformed property bag, or a message beyond the size limit.</summary>
    ForbiddenMessage,

    /// <summary>The client reads more slowly than the hub may store for it.</summary>
    SlowReader,

    /// <summary>A fault on demand ended it.</summary>
    Fault,

    /// <summary>The hub failed; its log has the cause.</summary>
    HubFailed,

    /// <summary>The hub stops listening.</summary>
    HubStopped,
}
