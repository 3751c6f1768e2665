using Node.HubClient.Tests.Support;
using Node.HubClient.Transport;

namespace Node.HubClient.Tests.Transport;

/// <summary>The ways around a firewall, over loopback. Real time enters as a deadline only.</summary>
public sealed class WebSocketAndProxyTests
{
    private const string Identity = "HostName=hub.localhost;DeviceId=dev1;SharedAccessKey=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private const string Agreed = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly List<ConnectionStatusChange> _statuses = [];

    [Fact]
    public void The_answer_to_a_key_is_the_one_of_the_specification() =>
        Assert.Equal("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", WebSocketUpgrade.Accept("dGhlIHNhbXBsZSBub25jZQ==")); // RFC 6455 section 1.3

    [Fact]
    public async Task It_sends_and_confirms_over_a_WebSocket()
    {
        await using var hub = new LoopbackHub("hub.localhost") { UpgradeAnswer = Agreed };
        using IotHubClientLL client = Client(new HubClientOptions { Protocol = HubProtocol.MqttWebSocket, HttpsPort = hub.Port, TrustedRootsPem = hub.RootPem });

        SendAndConfirm(client, 1_000, 300);

        Assert.StartsWith("GET /$iothub/websocket HTTP/1.1\r\n", hub.UpgradeRequest, StringComparison.Ordinal);
        Assert.Contains($"\r\nHost: hub.localhost:{hub.Port}\r\n", hub.UpgradeRequest, StringComparison.Ordinal);
        Assert.Equal(ConnectionStatus.Authenticated, Assert.Single(_statuses).Status);
    }

    [Fact]
    public async Task An_idle_turn_over_a_WebSocket_makes_one_system_call_and_allocates_nothing()
    {
        await using var hub = new LoopbackHub("hub.localhost") { UpgradeAnswer = Agreed };
        using IotHubClientLL client = Client(new HubClientOptions { Protocol = HubProtocol.MqttWebSocket, HttpsPort = hub.Port, TrustedRootsPem = hub.RootPem });
        SendAndConfirm(client, 100, 100);
        Work(client, () => client.DoWork().IsIdle);
        PolledSocketStream stream = client.Link!.Stream!;
        long calls = stream.ReceiveCalls + stream.SendCalls;
        long turns = 0;

        long bytes = Allocated.BytesIn(10_000, () =>
        {
            client.DoWork();
            turns++;
        });

        Assert.Equal(0, bytes);
        Assert.Equal(turns, stream.ReceiveCalls + stream.SendCalls - calls);
    }

    [Fact]
    public async Task A_WebSocket_takes_messages_larger_than_any_of_its_frames()
    {
        await using var hub = new LoopbackHub("hub.localhost") { UpgradeAnswer = Agreed };
        using IotHubClientLL client = Client(new HubClientOptions { Protocol = HubProtocol.MqttWebSocket, HttpsPort = hub.Port, TrustedRootsPem = hub.RootPem });

        SendAndConfirm(client, 12, 200_000);
    }

    [Theory]
    [InlineData("HTTP/1.1 401 Unauthorized\r\n\r\n", "status 401")]
    [InlineData("HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: wrong\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n", "Sec-WebSocket-Accept")]
    [InlineData("HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n", "sub-protocol")]
    [InlineData("HTTP/1.1 101 X\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n", "something else")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n", "no HTTP response")]
    public async Task An_upgrade_that_fails_says_why(string answer, string expected)
    {
        await using var hub = new LoopbackHub("hub.localhost") { UpgradeAnswer = answer };
        using IotHubClientLL client = Client(new HubClientOptions { Protocol = HubProtocol.MqttWebSocket, HttpsPort = hub.Port, TrustedRootsPem = hub.RootPem });

        Work(client, () => _statuses.Count > 0);

        Assert.Equal(ConnectionStatusReason.NoNetwork, _statuses[0].Reason);
        Assert.Contains(expected, _statuses[0].Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("proxy_data", "TrustedCerts")]
    [InlineData("TrustedCerts", "proxy_data")]
    public async Task Q24_a_proxy_may_be_set_before_or_after_the_other_options_and_serves_plain_MQTT(string first, string second)
    {
        await using var proxy = new LoopbackProxy();
        await using var hub = new LoopbackHub("hub.localhost");
        using IotHubClientLL client = Client(new HubClientOptions { Port = hub.Port });
        var values = new Dictionary<string, object> { ["proxy_data"] = new HttpProxy { Host = "127.0.0.1", Port = proxy.Port }, ["TrustedCerts"] = hub.RootPem };

        Assert.Equal(IotHubClientResult.Ok, client.SetOption(first, values[first]));
        Assert.Equal(IotHubClientResult.Ok, client.SetOption(second, values[second]));
        SendAndConfirm(client, 10, 10);

        Assert.Single(proxy.Requests);
        Assert.Equal(IotHubClientResult.InvalidArg, client.SetOption("proxy_data", new HttpProxy { Host = "127.0.0.1", Port = 1, UserName = "alone" }));
    }

    [Theory]
    [InlineData(HubProtocol.Mqtt)]
    [InlineData(HubProtocol.MqttWebSocket)]
    public async Task A_proxy_carries_either_protocol(HubProtocol protocol)
    {
        await using var proxy = new LoopbackProxy();
        await using var hub = new LoopbackHub("hub.localhost") { UpgradeAnswer = protocol is HubProtocol.MqttWebSocket ? Agreed : null };
        using IotHubClientLL client = Client(new HubClientOptions
        {
            Protocol = protocol,
            Port = hub.Port,
            HttpsPort = hub.Port,
            TrustedRootsPem = hub.RootPem,
            Proxy = new HttpProxy { Host = "127.0.0.1", Port = proxy.Port },
        });

        SendAndConfirm(client, 100, 300);

        Assert.StartsWith($"CONNECT hub.localhost:{hub.Port} HTTP/1.1\r\n", Assert.Single(proxy.Requests), StringComparison.Ordinal);
        Assert.DoesNotContain("Authorization", proxy.Requests[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_gets_the_user_and_password()
    {
        await using var proxy = new LoopbackProxy();
        await using var hub = new LoopbackHub("hub.localhost");
        using IotHubClientLL client = Client(new HubClientOptions
        {
            Port = hub.Port,
            TrustedRootsPem = hub.RootPem,
            Proxy = new HttpProxy { Host = "127.0.0.1", Port = proxy.Port, UserName = "user", Password = "pass:word" },
        });

        SendAndConfirm(client, 1, 1);

        Assert.Contains("\r\nProxy-Authorization: Basic dXNlcjpwYXNzOndvcmQ=\r\n", proxy.Requests[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "user name and password")]
    [InlineData("HTTP/1.1 403 Forbidden\r\nContent-Length: 5\r\n\r\nno no", "status 403")]
    [InlineData("\0\0\0\0\r\n\r\n", "no HTTP response")]
    public async Task A_proxy_that_refuses_is_named_with_the_reason(string answer, string expected)
    {
        await using var proxy = new LoopbackProxy { Answer = answer };
        using IotHubClientLL client = Client(new HubClientOptions { Proxy = new HttpProxy { Host = "127.0.0.1", Port = proxy.Port, UserName = "u", Password = "geheim" } });

        Work(client, () => _statuses.Count > 0);

        Assert.Contains(expected, _statuses[0].Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", _statuses[0].Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 80, null, null)]
    [InlineData("http://proxy", 80, null, null)]
    [InlineData("proxy", 0, null, null)]
    [InlineData("proxy", 80, "user", null)]
    [InlineData("proxy", 80, "us:er", "p")]
    public void A_proxy_that_cannot_be_asked_is_refused_at_once(string host, int port, string? user, string? password) =>
        Assert.ThrowsAny<ArgumentException>(() => IotHubClientLL.CreateFromConnectionString(
            Identity, new HubClientOptions { Proxy = new HttpProxy { Host = host, Port = port, UserName = user, Password = password } }));

    private static void SendAndConfirm(IotHubClientLL client, int messages, int bytes)
    {
        int confirmed = 0;
        for (int message = 0; message < messages; message++)
        {
            client.SendEvent(new TelemetryMessage(new byte[bytes]), (result, _) => confirmed += result is SendConfirmation.Ok ? 1 : 0);
        }

        Work(client, () => confirmed == messages);
    }

    private IotHubClientLL Client(HubClientOptions options)
    {
        IotHubClientLL client = IotHubClientLL.CreateFromConnectionString(Identity, options);
        client.SetConnectionStatusCallback((change, _) => _statuses.Add(change));
        return client;
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
}
