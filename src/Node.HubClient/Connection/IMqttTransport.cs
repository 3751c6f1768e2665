namespace Node.HubClient.Connection;

/// <summary>
/// One MQTT connection after another, moved only by the caller: nothing here waits, and nothing happens between calls.
/// Two implementations: the polled link over TCP and TLS, and the simulated network of the tests.
/// </summary>
internal interface IMqttTransport : IDisposable
{
    /// <summary>How many more bytes <see cref="Publish"/> takes before the peer has to read some.</summary>
    int FreeBytes { get; }

    /// <summary>Grows with each step that an attempt to connect gets on, whatever the step.</summary>
    long Progress { get; }

    /// <summary>Begins a connection: name resolution, TCP, TLS, CONNECT. Ends in an <c>Accepted</c>, <c>Refused</c> or <c>Lost</c> event.</summary>
    void Open(in ConnectRequest request);

    /// <summary>The next thing that happened; false when there is nothing more now. Its spans live until the next call.</summary>
    bool TryRead(out TransportEvent happened);

    /// <summary>Queues an encoded PUBLISH.</summary>
    void Publish(ReadOnlySpan<byte> packet);

    /// <summary>Queues a SUBSCRIBE for all filters at once.</summary>
    void Subscribe(ushort packetId, IReadOnlyList<TopicFilter> filters);

    /// <summary>Queues an UNSUBSCRIBE.</summary>
    void Unsubscribe(ushort packetId, string filter);

    /// <summary>Queues a PUBACK.</summary>
    void Acknowledge(ushort packetId);

    /// <summary>Queues a PINGREQ.</summary>
    void Ping();

    /// <summary>Hands everything queued to the network, as far as it takes it.</summary>
    void Flush();

    /// <summary>Ends the connection, with a DISCONNECT if <paramref name="politely"/> and connected. No event follows.</summary>
    void Close(bool politely);
}

/// <summary>What a connection begins with.</summary>
/// <param name="ClientId">Device id, device and module id, or registration id.</param>
/// <param name="UserName">See <see cref="Protocol.UserName"/>.</param>
/// <param name="Password">The token; null with a certificate.</param>
/// <param name="KeepAliveSeconds">0 to 65,535.</param>
/// <param name="Certificate">The certificate to show in the TLS handshake; null for none.</param>
internal readonly record struct ConnectRequest(string ClientId, string UserName, string? Password, ushort KeepAliveSeconds, ShownCertificate? Certificate)
{
    /// <summary>Whether the peer keeps nothing of this connection: false for a hub, which keeps messages and subscriptions.</summary>
    public bool CleanSession { get; init; }

    /// <summary>Names the client; keeps the token out of logs.</summary>
    public override string ToString() => ClientId;
}

/// <summary>A subscription that a feature needs.</summary>
/// <param name="Filter">Topic filter.</param>
/// <param name="QualityOfService">0 or 1.</param>
internal readonly record struct TopicFilter(string Filter, byte QualityOfService);
