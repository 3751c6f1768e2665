using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Node.Host.Hub;

namespace Node.Host.Dashboard;

/// <summary>The node's small HTTP face: read-only, without secrets, the page embedded in the program.</summary>
internal static class DashboardEndpoints
{
    private const string PolicyText =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void MapDashboard(this WebApplication app, StatusSource status, Health health, HubLink link)
    {
        app.Use((context, next) =>
        {
            SetHeaders(context.Response.Headers);
            return next(context);
        });
        app.MapGet("/healthz", context => WriteHealth(context, health));
        app.MapGet("/readyz", context => WriteReady(context, link));
        app.MapGet("/api/status", context => Write(context, "application/json", status.Json()));
        MapFile(app, "/", "index.html", "text/html; charset=utf-8");
        MapFile(app, "/page.js", "page.js", "text/javascript; charset=utf-8");
        MapFile(app, "/page.css", "page.css", "text/css; charset=utf-8");
    }

    private static void SetHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = PolicyText;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
    }

    private static Task WriteHealth(HttpContext context, Health health)
    {
        (bool isHealthy, string text) = health.Check();
        context.Response.StatusCode = isHealthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return Write(context, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text));
    }

    private static Task WriteReady(HttpContext context, HubLink link)
    {
        HubLinkState state = link.State;
        context.Response.StatusCode = state.IsAuthenticated ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return Write(context, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(state.IsAuthenticated ? "ready" : $"not connected: {state.Reason}"));
    }

    private static void MapFile(WebApplication app, string path, string name, string contentType)
    {
        byte[] content = Read(name);
        app.MapGet(path, context => Write(context, contentType, content));
    }

    private static Task Write(HttpContext context, string contentType, byte[] content)
    {
        context.Response.ContentType = contentType;
        context.Response.ContentLength = content.Length;
        return context.Response.Body.WriteAsync(content, context.RequestAborted).AsTask();
    }

    private static byte[] Read(string name)
    {
        using Stream embedded = typeof(DashboardEndpoints).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The program was built without its page {name}.");
        using var copy = new MemoryStream();
        embedded.CopyTo(copy);
        return copy.ToArray();
    }
}
