using HubEmulator.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace HubEmulator.Pages;

/// <summary>The page at <c>/</c>, its two files, and its calls under <c>/page/api/</c>; around each the gate and the same security headers.</summary>
internal sealed partial class PageEndpoint(PageGate gate, PageReads reads, PageWrites writes, StateFile state, ILogger log)
{
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private readonly PageFile _html = PageFile.Load("index.html", "text/html; charset=utf-8");
    private readonly PageFile _css = PageFile.Load("page.css", "text/css; charset=utf-8");
    private readonly PageFile _script = PageFile.Load("page.js", "text/javascript; charset=utf-8");

    public void Map(IEndpointRouteBuilder server)
    {
        Serve(server, "/", _html);
        Serve(server, "/page/page.css", _css);
        Serve(server, "/page/page.js", _script);
        Serve(server, "GET", "/page/api/overview", reads.OverviewAsync);
        Serve(server, "GET", "/page/api/device", reads.DeviceAsync);
        Serve(server, "POST", "/page/api/device", writes.AddDeviceAsync);
        Serve(server, "PUT", "/page/api/desired", writes.PutDesiredAsync);
        Serve(server, "PUT", "/page/api/tags", writes.PutTagsAsync);
        Serve(server, "POST", "/page/api/method", writes.CallMethodAsync);
        Serve(server, "POST", "/page/api/message", writes.SendMessageAsync);
        Serve(server, "DELETE", "/page/api/fault", writes.EndFaultAsync);
        Serve(server, "POST", "/page/api/secret", writes.ShowSecretAsync);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed inside the hub.")]
    private partial void LogFailed(string method, string path, Exception cause);

    private void Serve(IEndpointRouteBuilder server, string path, PageFile file) => server.MapGet(path, async Task (HttpContext context) =>
    {
        SetHeaders(context.Response.Headers);
        if (gate.Check(context, isCall: false) is { } refused)
        {
            await PageAnswer.Refuse(refused, "This page is for this machine, or for who knows the hub's service key.").WriteAsync(context.Response);
            return;
        }

        await file.WriteAsync(context);
    });

    private void Serve(IEndpointRouteBuilder server, string verb, string path, Func<HttpContext, Task<PageAnswer>> call)
    {
        RequestDelegate guarded = context => AnswerAsync(context, call);
        server.MapMethods(path, [verb], guarded);
    }

    private async Task AnswerAsync(HttpContext context, Func<HttpContext, Task<PageAnswer>> call)
    {
        SetHeaders(context.Response.Headers);
        context.Response.Headers.CacheControl = "no-store";
        PageAnswer answer;
        try
        {
            answer = gate.Check(context, isCall: true) is { } refused
                ? PageAnswer.Refuse(refused, "This call is the page's own.")
                : await call(context);
            await (HttpMethods.IsGet(context.Request.Method) ? Task.CompletedTask : state.SavedAsync(context.RequestAborted));
        }
        catch (BadHttpRequestException bad)
        {
            answer = PageAnswer.Refuse(bad.StatusCode, bad.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return; // the browser has gone
        }
        catch (Exception defect) when (!context.Response.HasStarted)
        {
            LogFailed(context.Request.Method, context.Request.Path, defect);
            answer = PageAnswer.Refuse(StatusCodes.Status500InternalServerError, "The hub failed; its log has the cause.");
        }

        await answer.WriteAsync(context.Response);
    }

    private static void SetHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }
}
