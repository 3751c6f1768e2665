using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace HubEmulator.Tests.Live;

public sealed class OutageTests
{
    [Fact]
    public async Task An_outage_drops_and_refuses_and_ends_on_the_same_ports_with_everything_kept()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice before = await hub.ConnectAsync();
        await before.SubscribeAsync("$iothub/twin/res/#");
        await before.PublishAsync("$iothub/twin/PATCH/properties/reported/?$rid=1", """{"a":1}""");
        (int mqtt, int https) = (hub.Hub.MqttPort, hub.Hub.HttpsPort);
        var waiting = hub.CallAsync(HttpMethod.Post, "/twins/dev-02/methods", """{"methodName":"x","connectTimeoutInSeconds":300}""");

        await hub.Hub.StopListeningAsync();
        await before.WhenLost();
        SocketError refusedMqtt = await DialAsync(mqtt);
        SocketError refusedHttps = await DialAsync(https);
        await Assert.ThrowsAsync<HttpRequestException>(() => waiting);
        await hub.Hub.ResumeListeningAsync();

        Assert.Equal((SocketError.ConnectionRefused, SocketError.ConnectionRefused), (refusedMqtt, refusedHttps));
        Assert.Equal((mqtt, https), (hub.Hub.MqttPort, hub.Hub.HttpsPort));
        await using TestDevice after = await hub.ConnectAsync();
        Assert.True(after.Connected.IsSessionPresent);
        (_, JsonNode? twin, _) = await hub.CallAsync(HttpMethod.Get, "/twins/dev-01");
        Assert.Equal(1, (int)twin!["properties"]!["reported"]!["a"]!);
    }

    [Fact]
    public async Task Stopping_and_resuming_can_be_repeated_and_doubled()
    {
        await using TestHub hub = await TestHub.StartAsync();

        for (int round = 0; round < 5; round++)
        {
            await Task.WhenAll(hub.Hub.StopListeningAsync(), hub.Hub.StopListeningAsync());
            Assert.True(hub.Hub.IsStopped);
            await Task.WhenAll(hub.Hub.ResumeListeningAsync(), hub.Hub.ResumeListeningAsync());
            await using TestDevice device = await hub.ConnectAsync();
            await device.PublishAsync("devices/dev-01/messages/events/");
        }

        Assert.Equal(5, hub.Hub.Telemetry.Received);
    }

    [Fact]
    public async Task An_outage_can_be_asked_for_over_the_service_side_and_ends_by_itself()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice before = await hub.ConnectAsync();

        (HttpStatusCode status, _, _) = await hub.CallAsync(HttpMethod.Post, "/hilrig/outage", """{"seconds":1}""");
        await before.WhenLost();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TestHub.Deadline);
        while (await DialAsync(hub.Hub.MqttPort) == SocketError.ConnectionRefused)
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        await using TestDevice after = await hub.ConnectAsync();
        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal(MQTTnet.MqttClientConnectResultCode.Success, after.Connected.ResultCode);
    }

    [Fact]
    public async Task Both_loopback_addresses_are_served_where_the_machine_has_both()
    {
        Assert.SkipUnless(HasLoopback6(), "this machine has no IPv6 loopback address");
        await using TestHub hub = await TestHub.StartAsync();

        Assert.Equal(SocketError.Success, await DialAsync(hub.Hub.MqttPort, "::1"));
        Assert.Equal(SocketError.Success, await DialAsync(hub.Hub.HttpsPort, "::1"));
        await hub.Hub.StopListeningAsync();
        Assert.Equal(SocketError.ConnectionRefused, await DialAsync(hub.Hub.MqttPort, "::1"));
    }

    private static bool HasLoopback6()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<SocketError> DialAsync(int port, string address = "127.0.0.1")
    {
        using var client = new TcpClient(IPAddress.Parse(address).AddressFamily);
        try
        {
            await client.ConnectAsync(IPAddress.Parse(address), port, TestContext.Current.CancellationToken);
            return SocketError.Success;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode;
        }
    }
}
