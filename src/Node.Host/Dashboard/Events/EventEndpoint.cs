using Microsoft.AspNetCore.Http;

namespace Node.Host.Dashboard.Events;

/// <summary><c>GET /events</c>: first <c>ping</c> and the state of everything, then what happens, and a <c>ping</c> every ten seconds.</summary>
internal sealed class EventEndpoint(EventStream events, EventMessages messages, TimeProvider time, CancellationToken stopping)
{
    private const string ContentType = "text/event-stream; charset=utf-8";

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    public async Task ServeAsync(HttpContext context)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.ContentType = ContentType; // Who asks for the head alone is no listener.
            return;
        }

        if (events.TryJoin() is not { } client)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "10";
            await context.Response.WriteAsync($"{EventStream.MostClients} clients listen already; close another page, or ask /api/status", context.RequestAborted);
            return;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            await SendAsync(context.Response, client, end.Token);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // The page was closed, or the node stops: nothing is owed to anybody.
        }
        finally
        {
            events.Leave(client);
        }
    }

    private async Task SendAsync(HttpResponse response, EventClient client, CancellationToken cancellationToken)
    {
        response.ContentType = ContentType;
        response.Headers["X-Accel-Buffering"] = "no"; // A proxy that gathers would hold back what is live.
        await response.WriteAsync("retry: 3000\n\n", cancellationToken);
        await response.Body.WriteAsync(Ping, cancellationToken);
        foreach (string state in messages.States())
        {
            await response.Body.WriteAsync(EventStream.Frame("state", state), cancellationToken);
        }

        await response.Body.FlushAsync(cancellationToken);
        using var beat = new PeriodicTimer(Heartbeat, time);
        Task<bool> tick = beat.WaitForNextTickAsync(cancellationToken).AsTask();
        Task<bool> ready = client.WaitAsync(cancellationToken).AsTask();
        while (true)
        {
            if (await Task.WhenAny(ready, tick) == tick)
            {
                await tick;
                await response.Body.WriteAsync(Ping, cancellationToken);
                tick = beat.WaitForNextTickAsync(cancellationToken).AsTask();
            }
            else if (await ready)
            {
                while (client.TryTake(out byte[]? frame))
                {
                    await response.Body.WriteAsync(frame, cancellationToken);
                }

                ready = client.WaitAsync(cancellationToken).AsTask();
            }
            else
            {
                return;
            }

            await response.Body.FlushAsync(cancellationToken);
        }
    }

    private byte[] Ping => EventStream.Frame("ping", messages.Ping());
}
