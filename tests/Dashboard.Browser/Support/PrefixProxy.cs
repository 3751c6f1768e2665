using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dashboard.Browser.Support;

/// <summary>A small reverse proxy that shows a node's page below a path, as a fleet's gateway does, and nothing beside it.</summary>
internal sealed class PrefixProxy : IAsyncDisposable
{
    private const string Prefix = "/fleet/nodes/7";

    private readonly WebApplication _app;
    private readonly HttpClient _inner;

    private PrefixProxy(WebApplication app, HttpClient inner) => (_app, _inner) = (app, inner);

    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + Prefix + "/";

    public static async Task<PrefixProxy> StartAsync(string target)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var proxy = new PrefixProxy(builder.Build(), new HttpClient { BaseAddress = new Uri(target), Timeout = Timeout.InfiniteTimeSpan });
        proxy._app.Run(proxy.PassAsync);
        await proxy._app.StartAsync(TestContext.Current.CancellationToken);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _inner.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments(Prefix, out PathString rest))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), rest.Value!.TrimStart('/') + context.Request.QueryString);
        using HttpResponseMessage answer = await _inner.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        if (answer.Headers.TryGetValues("Content-Security-Policy", out IEnumerable<string>? policy))
        {
            context.Response.Headers.ContentSecurityPolicy = policy.ToArray();
        }

        await using Stream body = await answer.Content.ReadAsStreamAsync(context.RequestAborted);
        byte[] buffer = new byte[8192];
        for (int read; (read = await body.ReadAsync(buffer, context.RequestAborted)) > 0;)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }
}
