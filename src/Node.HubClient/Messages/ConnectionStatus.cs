namespace Node.HubClient;

/// <summary>Whether the hub has accepted this identity on the present connection (<c>IOTHUB_CLIENT_CONNECTION_STATUS</c>).</summary>
public enum ConnectionStatus
{
    /// <summary>Connected, accepted, and every subscription that the registered features need is granted.</summary>
    Authenticated,

    /// <summary>Anything else.</summary>
    Unauthenticated,
}

/// <summary>Why the status is what it is (<c>IOTHUB_CLIENT_CONNECTION_STATUS_REASON</c>, same order).</summary>
public enum ConnectionStatusReason
{
    /// <summary>The client closed the connection itself in order to come back with a new token. Not a fault.</summary>
    ExpiredSasToken,

    /// <summary>CONNACK 3: the hub will not serve this device now.</summary>
    DeviceDisabled,

    /// <summary>CONNACK 2, 4 or 5: the identity or its credential was refused.</summary>
    BadCredential,

    /// <summary>The retry policy gave up; setting a policy revives the client.</summary>
    RetryExpired,

    /// <summary>Name resolution, TCP or TLS failed, or the connection was lost.</summary>
    NoNetwork,

    /// <summary>The peer broke the protocol or left something unanswered for too long.</summary>
    CommunicationError,

    /// <summary>Connected.</summary>
    Ok,

    /// <summary>A ping was not answered: the link is dead although nobody closed it.</summary>
    NoPingResponse,

    /// <summary>Declared by the reference, never raised on MQTT.</summary>
    QuotaExceeded,
}

/// <summary>One connection event: an attempt that ended, a connection that came or went.</summary>
/// <param name="Status">The status from now on.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">For people: what exactly happened and what may help. Holds no secret.</param>
/// <param name="RawCode">The CONNACK return code, where one was received; else null. Unknown codes are passed on as they came.</param>
/// <param name="RetryIn">When the next attempt is due, counted from now; null when connected or when none will come by itself.</param>
public readonly record struct ConnectionStatusChange(
    ConnectionStatus Status, ConnectionStatusReason Reason, string Detail, int? RawCode, TimeSpan? RetryIn)
{
    /// <summary>
    /// How far the hub's clock is ahead of this device's, or behind when negative; set when a refused token was found to be due to it, else null.
    /// </summary>
    public TimeSpan? ClockSkew { get; init; }

    /// <summary>Whether another client with the same identity is the likeliest cause: the client backs off for up to 5 min.</summary>
    public bool SuspectsTakeover { get; init; }
}

/// <summary>Told of each connection event. Runs inside <see cref="IotHubClientLL.DoWork"/>.</summary>
/// <param name="change">The event.</param>
/// <param name="context">What was passed along at registration.</param>
public delegate void ConnectionStatusCallback(ConnectionStatusChange change, object? context);
