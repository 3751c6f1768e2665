using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Node.Benchmarks.Brokers;
using Node.HubClient;
using Node.HubClient.Connection;
using Node.HubClient.Protocol;
using Node.HubClient.Transport;

namespace Node.Benchmarks.Peers;

/// <summary>Our own client put together by hand, so that its link's system calls and its queue can be counted.</summary>
internal sealed class CountedClient : IDisposable
{
    private const int Window = 10_000;
    private readonly PolledMqttTransport _transport;
    private readonly HubSession _session;

    public CountedClient(Endpoint endpoint, string deviceId)
    {
        _transport = new PolledMqttTransport(new LinkEndpoint(Endpoint.HostName, endpoint.Port), new LinkRoute { Roots = TrustedRoots.Parse(endpoint.RootPem) }, TimeProvider.System);
        var settings = new SessionSettings
        {
            HostName = Endpoint.HostName,
            DeviceId = deviceId,
            UserName = UserName.Build(Endpoint.HostName, deviceId, ProductName.For(null), modelId: null),
            KeepAliveSeconds = 240,
            ConnectTimeout = TimeSpan.FromSeconds(30),
            InFlightWindow = Window,
            MaxQueuedMessages = 1_000_000,
            MaxQueuedBytes = 1L << 30,
        };
        var credential = new KeyCredential(SasToken.DeviceScope(Endpoint.HostName, deviceId), TimeSpan.FromHours(1), data => HMACSHA256.HashData("bench"u8, data));
        _session = new HubSession(settings, _transport, credential, TimeProvider.System, new Random(1), NullLogger.Instance);
        Peer = new OwnPeer(() => new IotHubClientLL(_session, _transport, new HubIdentity(Endpoint.HostName, deviceId), new HubClientOptions()));
    }

    /// <summary>The client as a peer.</summary>
    public OwnPeer Peer { get; }

    /// <summary>How often the socket was read, at this connection.</summary>
    public long Receives => _transport.Link?.Stream?.ReceiveCalls ?? 0;

    /// <summary>How often the socket was written, at this connection.</summary>
    public long Sends => _transport.Link?.Stream?.SendCalls ?? 0;

    /// <summary>Works until so many messages are published, unacknowledged, and with the network.</summary>
    public void WorkUntilInFlight(int messages)
    {
        while (_session.Features.Telemetry.InFlightCount < messages || _transport.Link!.UnsentBytes > 0)
        {
            Peer.Client.DoWork();
        }
    }

    public void Dispose() => Peer.Dispose();
}
