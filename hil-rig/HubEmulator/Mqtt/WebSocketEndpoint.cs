using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Mqtt;

/// <summary>
/// MQTT over WebSocket on the HTTPS port: <c>GET /$iothub/websocket[?…]</c> with the sub-protocol <c>mqtt</c>, binary messages, no compression.
/// Beneath the bytes everything is as on the MQTT port.
/// </summary>
internal sealed class WebSocketEndpoint(DeviceGateway gateway, TimeProvider clock)
{
    private const string Route = "/$iothub/websocket";
    private const string SubProtocol = "mqtt";
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(5);

    public void Map(WebApplication server)
    {
        server.UseWebSockets(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan }); // MQTT has its own keep-alive
        server.MapGet(Route, ServeAsync);
    }

    private async Task ServeAsync(HttpContext context)
    {
        string? offered = context.WebSockets.WebSocketRequestedProtocols.FirstOrDefault(name => name.Equals(SubProtocol, StringComparison.OrdinalIgnoreCase));
        if (!context.WebSockets.IsWebSocketRequest || offered is null)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(offered);
        var pipe = new WebSocketPipe(socket);
        var link = new DeviceLink(pipe, context.Abort, clock);
        CancellationToken stopping = context.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        await using CancellationTokenRegistration stop = stopping.Register(() => link.Close(CloseReason.HubStopped));
        await using CancellationTokenRegistration lost = context.RequestAborted.Register(() => link.Close(CloseReason.LinkLost));
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);

        Task receiving = pipe.ReceiveAsync(() => link.Close(CloseReason.MalformedPacket), ended.Token);
        Task sending = pipe.SendAsync(context.RequestAborted);
        await gateway.ServeAsync(link);
        await pipe.Output.CompleteAsync();
        await pipe.Input.CompleteAsync();
        await SayGoodbyeAsync(socket, receiving, sending, context);
        await ended.CancelAsync();
        await receiving;
        await sending;
    }

    /// <summary>Lets what was answered go out with a close frame behind it, and waits for the client's; one that does not take or answer it is dropped.</summary>
    private async Task SayGoodbyeAsync(WebSocket socket, Task receiving, Task sending, HttpContext context)
    {
        try
        {
            await sending.WaitAsync(Goodbye, clock, context.RequestAborted);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted).WaitAsync(Goodbye, clock, context.RequestAborted);
            await receiving.WaitAsync(Goodbye, clock, context.RequestAborted);
        }
        catch (Exception lost) when (lost is WebSocketException or IOException or OperationCanceledException or TimeoutException)
        {
            context.Abort();
        }
    }
}
