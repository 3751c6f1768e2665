using Node.HubClient.Connection;
using Node.HubClient.Tests.Support;
using Node.HubClient.Transport;

namespace Node.HubClient.Tests.Transport;

/// <summary>The real link over loopback TLS. Real time enters as a deadline only.</summary>
public sealed class PolledLinkTests
{
    private const string Identity = "HostName=hub.localhost;DeviceId=dev1;SharedAccessKey=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly List<ConnectionStatusChange> _statuses = [];

    [Fact]
    public async Task It_connects_sends_and_confirms()
    {
        await using var hub = new LoopbackHub("hub.localhost");
        using IotHubClientLL client = Client(hub);
        int confirmed = 0;
        for (int message = 0; message < 1_000; message++)
        {
            client.SendEvent(new TelemetryMessage(new byte[256]), (result, _) => confirmed += result is SendConfirmation.Ok ? 1 : 0);
        }

        Work(client, () => confirmed == 1_000);

        Assert.Equal(1_000, hub.Received);
        Assert.Equal(ConnectionStatus.Authenticated, Assert.Single(_statuses).Status);
    }

    [Fact]
    public async Task A_name_that_the_certificate_does_not_cover_is_refused_with_the_reason()
    {
        await using var hub = new LoopbackHub("other.example");
        using IotHubClientLL client = Client(hub);

        Work(client, () => _statuses.Count > 0);

        Assert.Equal(ConnectionStatusReason.NoNetwork, _statuses[0].Reason);
        Assert.Contains("RemoteCertificateNameMismatch", _statuses[0].Detail, StringComparison.Ordinal);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task The_check_of_the_hubs_certificate_never_goes_to_the_network(bool ownRoots)
    {
        await using var hub = new LoopbackHub("hub.localhost");

        System.Net.Security.SslClientAuthenticationOptions options = TrustedRoots.ForHost("hub.localhost", ownRoots ? TrustedRoots.Parse(hub.RootPem) : null, null);

        Assert.True(options.CertificateChainPolicy!.DisableCertificateDownloads);
        Assert.Equal(System.Security.Cryptography.X509Certificates.X509RevocationMode.NoCheck, options.CertificateChainPolicy.RevocationMode);
    }

    [Fact]
    public async Task A_certificate_of_another_root_is_refused_with_the_reason()
    {
        await using var hub = new LoopbackHub("hub.localhost");
        await using var stranger = new LoopbackHub("hub.localhost");
        using IotHubClientLL client = Client(hub, stranger.RootPem);

        Work(client, () => _statuses.Count > 0);

        Assert.Equal(ConnectionStatusReason.NoNetwork, _statuses[0].Reason);
        Assert.Contains("TLS with hub.localhost failed", _statuses[0].Detail, StringComparison.Ordinal);
        Assert.Equal(0, hub.Received);
    }

    [Fact]
    public async Task A_refusal_over_the_wire_keeps_its_code()
    {
        await using var hub = new LoopbackHub("hub.localhost") { ConnackCode = 5 };
        using IotHubClientLL client = Client(hub);

        Work(client, () => _statuses.Count > 0);

        Assert.Equal(5, _statuses[0].RawCode);
    }

    [Fact]
    public async Task A_cut_connection_comes_back_and_nothing_is_lost()
    {
        await using var hub = new LoopbackHub("hub.localhost");
        using IotHubClientLL client = Client(hub);
        int confirmed = 0;
        Work(client, () => _statuses.Count > 0);
        hub.Silent = true;
        for (int message = 0; message < 10; message++)
        {
            client.SendEvent(new TelemetryMessage(new byte[10]), (_, _) => confirmed++);
        }

        Work(client, () => hub.Received == 10);
        hub.Silent = false;
        hub.Cut();
        Work(client, () => confirmed == 10);

        Assert.Equal(20, hub.Received);
        Assert.Equal([ConnectionStatus.Authenticated, ConnectionStatus.Unauthenticated, ConnectionStatus.Authenticated], _statuses.Select(change => change.Status));
    }

    [Fact]
    public async Task A_connection_that_the_hub_resets_counts_as_closed_by_it_also_when_sending_finds_out_first()
    {
        await using var hub = new LoopbackHub("hub.localhost");
        using IotHubClientLL client = Client(hub);
        bool wasCut = false;
        client.SendEvent(new TelemetryMessage(new byte[10]), (_, _) =>
        {
            hub.Cut(); // From here on the socket is reset; the next thing that this turn does is to send.
            client.SendEvent(new TelemetryMessage(new byte[10]));
            wasCut = true;
        });

        Work(client, () => wasCut);

        Assert.Equal(LinkState.Failed, client.Link!.State);
        Assert.True(client.Link.IsClosedByPeer);
    }

    [Fact]
    public void A_closed_port_is_no_network_and_names_the_address()
    {
        using IotHubClientLL client = IotHubClientLL.CreateFromConnectionString(Identity, new HubClientOptions { Port = FreePort() });
        client.SetConnectionStatusCallback((change, _) => _statuses.Add(change));

        Work(client, () => _statuses.Count > 0);

        Assert.Equal(ConnectionStatusReason.NoNetwork, _statuses[0].Reason);
        Assert.Contains("refused", _statuses[0].Detail, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_name_that_does_not_resolve_is_no_network_and_does_not_block()
    {
        string identity = Identity.Replace("hub.localhost", "no-such-host.invalid", StringComparison.Ordinal);
        using IotHubClientLL client = IotHubClientLL.CreateFromConnectionString(identity);
        client.SetConnectionStatusCallback((change, _) => _statuses.Add(change));

        Work(client, () => _statuses.Count > 0);

        Assert.Contains("no-such-host.invalid", _statuses[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_idle_turn_makes_one_system_call_and_allocates_nothing()
    {
        await using var hub = new LoopbackHub("hub.localhost");
        var transport = new PolledMqttTransport(new LinkEndpoint("hub.localhost", hub.Port), new LinkRoute { Roots = TrustedRoots.Parse(hub.RootPem) }, TimeProvider.System);
        using IotHubClientLL client = OnTransport(transport);
        client.SetDeviceMethodCallback((_, _) => new MethodResponse(200, default));
        Work(client, () => _statuses.Count > 0);
        Work(client, () => client.DoWork().IsIdle);
        PolledSocketStream stream = transport.Link!.Stream!;
        long calls = stream.ReceiveCalls + stream.SendCalls;
        long turns = 0;

        long bytes = Allocated.BytesIn(100_000, () =>
        {
            client.DoWork();
            turns++;
        });

        Assert.Equal(0, bytes);
        Assert.Equal(turns, stream.ReceiveCalls + stream.SendCalls - calls);
    }

    [Fact]
    public async Task A_burst_costs_few_system_calls_and_bytes_per_message()
    {
        const int Messages = 20_000;
        await using var hub = new LoopbackHub("hub.localhost");
        var transport = new PolledMqttTransport(new LinkEndpoint("hub.localhost", hub.Port), new LinkRoute { Roots = TrustedRoots.Parse(hub.RootPem) }, TimeProvider.System);
        using IotHubClientLL client = OnTransport(transport);
        Work(client, () => _statuses.Count > 0);
        PolledSocketStream stream = transport.Link!.Stream!;
        int confirmed = 0;
        int sent = 0;
        var message = new TelemetryMessage(new byte[256]);
        SendConfirmationCallback count = (_, _) => confirmed++;
        Burst(2_000);
        (long sends, long receives, long bytes) = (stream.SendCalls, stream.ReceiveCalls, GC.GetAllocatedBytesForCurrentThread());
        long turns = Burst(Messages);

        Assert.InRange(stream.SendCalls - sends, 1, Messages / 20);
        Assert.InRange(stream.ReceiveCalls - receives - turns, -turns, Messages / 100); // A turn asks once; a read that came back short is not followed by another.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - bytes) / Messages, 300, 450); // The packet of about 300 bytes, and no more than its bookkeeping.

        long Burst(int messages)
        {
            long worked = 0;
            int until = sent + messages;
            while (confirmed < until)
            {
                for (; sent < until && sent - confirmed < 100; sent++)
                {
                    client.SendEvent(message, count);
                }

                client.DoWork();
                Assert.True(++worked < 100_000_000, "the hub has stopped answering");
            }

            return worked;
        }
    }

    private static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        probe.Start();
        return ((System.Net.IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static void Work(IotHubClientLL client, Func<bool> until)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!until())
        {
            client.DoWork();
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Deadline, "not within the deadline");
        }
    }

    private IotHubClientLL Client(LoopbackHub hub, string? rootPem = null)
    {
        IotHubClientLL client = IotHubClientLL.CreateFromConnectionString(Identity, new HubClientOptions { Port = hub.Port, TrustedRootsPem = rootPem ?? hub.RootPem });
        client.SetConnectionStatusCallback((change, _) => _statuses.Add(change));
        return client;
    }

    private IotHubClientLL OnTransport(PolledMqttTransport transport)
    {
        var settings = new SessionSettings
        {
            HostName = "hub.localhost",
            DeviceId = "dev1",
            UserName = "user",
            KeepAliveSeconds = 240,
            ConnectTimeout = TimeSpan.FromSeconds(30),
            InFlightWindow = 1_000,
            MaxQueuedMessages = 100_000,
            MaxQueuedBytes = 1 << 26,
        };
        var credential = new KeyCredential("scope", TimeSpan.FromHours(1), data => System.Security.Cryptography.SHA256.HashData(data));
        var session = new HubSession(settings, transport, credential, TimeProvider.System, new Random(1), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        var client = new IotHubClientLL(session, transport, new Node.HubClient.Protocol.HubIdentity("hub.localhost", "dev1"), new HubClientOptions());
        client.SetConnectionStatusCallback((change, _) => _statuses.Add(change));
        return client;
    }
}
