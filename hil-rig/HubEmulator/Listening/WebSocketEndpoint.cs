using System.IO.Pipelines;
using System.Net.WebSockets;
using HubEmulator.Amqp;
using HubEmulator.Mqtt;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Listening;

/// <summary>
/// WebSockets on the HTTPS port: <c>GET /$iothub/websocket[?…]</c> with the sub-protocol <c>mqtt</c> or <c>AMQPWSB10</c>, and for readers of telemetry
/// <c>/$servicebus/websocket</c> with the latter; binary messages, no compression. Beneath the bytes everything is as on the port of the protocol.
/// </summary>
internal sealed class WebSocketEndpoint(DeviceGateway devices, AmqpGateway services, TimeProvider clock)
{
    private const string HubRoute = "/$iothub/websocket";
    private const string EventsRoute = "/$servicebus/websocket";
    private const string Mqtt = "mqtt";
    private const string Amqp = "AMQPWSB10";
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(5);

    public void Map(WebApplication server)
    {
        server.UseWebSockets(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan }); // the protocols have their own keep-alive
        server.MapGet(HubRoute, context => ServeAsync(context, [Mqtt, Amqp]));
        server.MapGet(EventsRoute, context => ServeAsync(context, [Amqp]));
    }

    private async Task ServeAsync(HttpContext context, string[] served)
    {
        string? offered = context.WebSockets.WebSocketRequestedProtocols.FirstOrDefault(name => served.Contains(name, StringComparer.OrdinalIgnoreCase));
        if (!context.WebSockets.IsWebSocketRequest || offered is null)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(offered);
        var pipe = new WebSocketPipe(socket);
        (Func<Task> serve, Action<CloseReason> close) = offered.Equals(Mqtt, StringComparison.OrdinalIgnoreCase) ? Device(pipe, context) : Service(pipe, context);
        CancellationToken stopping = context.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        await using CancellationTokenRegistration stop = stopping.Register(() => close(CloseReason.HubStopped));
        await using CancellationTokenRegistration lost = context.RequestAborted.Register(() => close(CloseReason.LinkLost));
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);

        Task receiving = pipe.ReceiveAsync(() => close(CloseReason.MalformedPacket), ended.Token);
        Task sending = pipe.SendAsync(context.RequestAborted);
        await serve();
        await pipe.Output.CompleteAsync();
        await pipe.Input.CompleteAsync();
        await SayGoodbyeAsync(socket, receiving, sending, context);
        await ended.CancelAsync();
        await receiving;
        await sending;
    }

    private (Func<Task> Serve, Action<CloseReason> Close) Device(IDuplexPipe pipe, HttpContext context)
    {
        var link = new DeviceLink(pipe, context.Abort, clock) { Protocol = HubFaultProtocols.WebSocket };
        return (() => devices.ServeAsync(link, context.Features.Get<ClientCertificateFeature>()?.Certificate), link.Close);
    }

    private (Func<Task> Serve, Action<CloseReason> Close) Service(IDuplexPipe pipe, HttpContext context) =>
        (() => services.ServeAsync(new AmqpLine(pipe, context.Abort)), _ => context.Abort());

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
