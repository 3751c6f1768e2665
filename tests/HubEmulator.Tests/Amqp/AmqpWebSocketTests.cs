using System.Net.WebSockets;
using System.Text.Json.Nodes;
using HubEmulator.Tests.Live;

namespace HubEmulator.Tests.Amqp;

/// <summary>AMQP over WebSocket on the HTTPS port, and what <c>hub.json</c> says of AMQP.</summary>
public sealed class AmqpWebSocketTests
{
    [Theory]
    [InlineData("/$iothub/websocket")]
    [InlineData("/$iothub/websocket?iothub-no-client-cert=true")]
    [InlineData("/$servicebus/websocket")]
    public async Task The_same_bytes_go_in_binary_messages(string path)
    {
        await using TestHub hub = await TestHub.StartAsync();
        using ClientWebSocket socket = await ConnectAsync(hub, path, "AMQPWSB10");
        var cancel = TestContext.Current.CancellationToken;
        byte[] opening = AmqpWire.Opening();
        byte[] answer = new byte[8];

        await socket.SendAsync(opening.AsMemory(0, 5), WebSocketMessageType.Binary, endOfMessage: true, cancel);
        await socket.SendAsync(opening.AsMemory(5), WebSocketMessageType.Binary, endOfMessage: true, cancel);
        ValueWebSocketReceiveResult received = await socket.ReceiveAsync(answer.AsMemory(), cancel).AsTask().WaitAsync(TestHub.Deadline, cancel);

        Assert.Equal("AMQPWSB10", socket.SubProtocol);
        Assert.Equal((WebSocketMessageType.Binary, 8), (received.MessageType, received.Count));
        Assert.Equal(AmqpWire.Header, answer);
    }

    [Fact]
    public async Task The_readers_path_speaks_no_mqtt()
    {
        await using TestHub hub = await TestHub.StartAsync();

        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(hub, "/$servicebus/websocket", "mqtt"));
    }

    [Fact]
    public async Task The_hub_s_file_tells_port_and_both_connection_strings()
    {
        await using TestHub hub = await TestHub.StartAsync();

        JsonNode file = JsonNode.Parse(await File.ReadAllTextAsync(hub.Hub.HubFile, TestContext.Current.CancellationToken))!;

        Assert.Equal(hub.Hub.AmqpPort, (int)file["amqpPort"]!);
        Assert.NotEqual(0, hub.Hub.AmqpPort);
        Assert.Equal(hub.Hub.ServiceConnectionString, (string?)file["serviceConnectionString"]);
        Assert.Equal(hub.Hub.EventHubConnectionString, (string?)file["eventHubConnectionString"]);
        Assert.StartsWith($"Endpoint=sb://localhost:{hub.Hub.AmqpPort}/;SharedAccessKeyName=service;SharedAccessKey=", hub.Hub.EventHubConnectionString, StringComparison.Ordinal);
        Assert.EndsWith(";EntityPath=hub", hub.Hub.EventHubConnectionString, StringComparison.Ordinal);
    }

    private static async Task<ClientWebSocket> ConnectAsync(TestHub hub, string path, string subProtocol)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(subProtocol);
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = hub.Trust();
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        await socket.ConnectAsync(new Uri($"wss://localhost:{hub.Hub.HttpsPort}{path}"), invoker, TestContext.Current.CancellationToken);
        return socket;
    }
}
