using System.Net;
using System.Net.WebSockets;
using System.Text;

namespace HubEmulator.Tests.Live;

public sealed class WebSocketTests
{
    private static readonly byte[] Accepted = [0x20, 2, 0, 0];

    [Theory]
    [InlineData("/$iothub/websocket", "mqtt")]
    [InlineData("/$iothub/websocket?iothub-no-client-cert=true", "mqtt")]
    [InlineData("/%24iothub/websocket", "MQTT")]
    public async Task A_device_connects_and_sends_whatever_the_query_and_the_spelling(string target, string subProtocol)
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using SocketConnection device = await SocketConnection.OpenAsync(hub, target, subProtocol, offerCompression: true);

        await device.SendAsync(Connect(hub));
        byte[] answer = await device.ReceiveAsync(4);
        await device.SendAsync(Packets.Publish(7, "devices/dev-01/messages/events/%24.mid=m1", "{}"u8.ToArray()));
        byte[] acknowledgement = await device.ReceiveAsync(4);

        Assert.Equal(Accepted, answer);
        Assert.Equal([0x40, 2, 0, 7], acknowledgement);
        Assert.Equal(subProtocol, device.SubProtocol); // as it was offered
        Assert.False(device.IsCompressed);
        Assert.Equal("m1", Assert.Single(hub.Hub.Telemetry.Snapshot()).MessageId);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("mqttv3.1")]
    public async Task Without_the_sub_protocol_the_upgrade_is_answered_400(string? subProtocol)
    {
        await using TestHub hub = await TestHub.StartAsync();

        WebSocketException refused = await Assert.ThrowsAsync<WebSocketException>(() => SocketConnection.OpenAsync(hub, subProtocol: subProtocol));
        (HttpStatusCode plain, _, _) = await hub.CallAsync(HttpMethod.Get, SocketConnection.Path, withVersion: false);

        Assert.Contains("400", refused.Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, plain); // no upgrade at all
    }

    [Fact]
    public async Task Packets_may_span_messages_and_frames_and_share_them()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using SocketConnection device = await SocketConnection.OpenAsync(hub);

        byte[] connect = Connect(hub);
        foreach (byte one in connect[..^1])
        {
            await device.SendAsync([one], endOfMessage: one % 2 == 0); // messages of some frames of a byte each
        }

        await device.SendAsync([connect[^1], .. Event(1), .. Event(2), .. Event(3)[..5]]);
        await device.SendAsync([.. Event(3)[5..], 0xC0, 0]);

        Assert.Equal([.. Accepted, 0x40, 2, 0, 1, 0x40, 2, 0, 2, 0x40, 2, 0, 3, 0xD0, 0], await device.ReceiveAsync(4 + 12 + 2));
        Assert.Equal(3, hub.Hub.Telemetry.Received);
    }

    [Fact]
    public async Task A_large_message_comes_whole()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using SocketConnection device = await SocketConnection.OpenAsync(hub);
        byte[] payload = new byte[262_144];
        new Random(1).NextBytes(payload);

        await device.SendAsync([.. Connect(hub), .. Packets.Publish(1, "devices/dev-01/messages/events/", payload)]);

        Assert.Equal([.. Accepted, 0x40, 2, 0, 1], await device.ReceiveAsync(8));
        Assert.True(hub.Hub.Telemetry.Snapshot().Single().Body.Span.SequenceEqual(payload));
    }

    [Fact]
    public async Task Two_devices_at_once_do_not_see_each_other_and_one_of_them_may_be_on_the_other_port()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using SocketConnection first = await SocketConnection.OpenAsync(hub);
        await using SocketConnection second = await SocketConnection.OpenAsync(hub);
        string secondKey = hub.Hub.DeviceConnectionString("dev-02").Split("SharedAccessKey=")[1];

        await first.SendAsync([.. Connect(hub), .. Event(1)]);
        await second.SendAsync([.. Packets.Connect(hub.Hub.HostName, "dev-02", hub.DeviceToken("dev-02", secondKey)), .. Packets.Publish(2, "devices/dev-02/messages/events/", [])]);
        byte[] toFirst = await first.ReceiveAsync(8);
        byte[] toSecond = await second.ReceiveAsync(8);
        await using TestDevice elsewhere = await hub.ConnectAsync(); // dev-01 on the MQTT port
        byte[] afterwards = await first.ReceiveToEndAsync();
        await second.SendAsync([0xC0, 0]);

        Assert.Equal([.. Accepted, 0x40, 2, 0, 1], toFirst);
        Assert.Equal([.. Accepted, 0x40, 2, 0, 2], toSecond);
        Assert.Empty(afterwards); // displaced without a word
        Assert.Equal([0xD0, 0], await second.ReceiveAsync(2));
        Assert.Equal(["dev-01", "dev-02"], hub.Hub.Telemetry.Snapshot().Select(message => message.DeviceId).Order());
    }

    [Fact]
    public async Task A_refusal_goes_out_before_the_end()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using SocketConnection device = await SocketConnection.OpenAsync(hub);

        await device.SendAsync(Packets.Connect(hub.Hub.HostName, TestHub.DeviceId, hub.DeviceToken(key: hub.ServiceKey)));

        Assert.Equal([0x20, 2, 0, 5], await device.ReceiveToEndAsync());
        Assert.Equal(WebSocketCloseStatus.NormalClosure, device.CloseStatus);
    }

    [Fact]
    public async Task A_client_that_closes_is_closed_and_its_will_is_published()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using SocketConnection device = await SocketConnection.OpenAsync(hub);

        await device.SendAsync(ConnectWithWill(hub));
        await device.ReceiveAsync(4);
        await device.CloseAsync();

        ReceivedTelemetry will = await hub.Hub.Telemetry.WaitForAsync(_ => true, TestContext.Current.CancellationToken).WaitAsync(TestHub.Deadline, TestContext.Current.CancellationToken);
        Assert.Equal("Will", will.ApplicationProperties["iothub-MessageType"]);
    }

    [Fact]
    public async Task A_text_message_ends_the_connection()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using SocketConnection device = await SocketConnection.OpenAsync(hub);
        await device.SendAsync(Connect(hub));
        await device.ReceiveAsync(4);

        await device.SendAsync(Encoding.ASCII.GetBytes("0\u0010 MQTT as a text?"), WebSocketMessageType.Text);

        Assert.Empty(await device.ReceiveToEndAsync());
    }

    [Fact]
    public async Task An_outage_drops_the_connection()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using SocketConnection device = await SocketConnection.OpenAsync(hub);
        await device.SendAsync(Connect(hub));
        await device.ReceiveAsync(4);

        await hub.Hub.StopListeningAsync();

        Assert.Empty(await device.ReceiveToEndAsync());
    }

    [Fact]
    public async Task Garbage_in_binary_messages_leaves_the_hub_serving_a_good_device()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using SocketConnection good = await SocketConnection.OpenAsync(hub);
        await good.SendAsync(Connect(hub));
        await good.ReceiveAsync(4);

        await Parallel.ForAsync(0, 100, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken }, async (seed, _) =>
        {
            var random = new Random(seed);
            byte[] noise = new byte[random.Next(1, 2000)];
            random.NextBytes(noise);
            await using SocketConnection bad = await SocketConnection.OpenAsync(hub);
            await bad.SendAsync([0xF0, .. noise]); // a packet type that no client may send
            Assert.Empty(await bad.ReceiveToEndAsync());
        });

        await good.SendAsync(Event(9));
        Assert.Equal([0x40, 2, 0, 9], await good.ReceiveAsync(4));
    }

    private static byte[] Connect(TestHub hub) => Packets.Connect(hub.Hub.HostName, TestHub.DeviceId, hub.DeviceToken());

    private static byte[] ConnectWithWill(TestHub hub) =>
        Packets.Connect(hub.Hub.HostName, TestHub.DeviceId, hub.DeviceToken(), willTopic: "devices/dev-01/messages/events/");

    private static byte[] Event(ushort identifier) => Packets.Publish(identifier, "devices/dev-01/messages/events/", [(byte)identifier]);
}
