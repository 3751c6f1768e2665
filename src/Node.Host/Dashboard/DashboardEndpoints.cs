using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Node.Host.Hub;

namespace Node.Host.Dashboard;

/// <summary>The node's small HTTP face: page, health and status; read-only, without secrets.</summary>
internal static class DashboardEndpoints
{
    private const string PolicyText =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void MapDashboard(this WebApplication app, StatusSource status, Health health, HubLink link, HostNames names)
    {
        app.Use((context, next) =>
        {
            SetHeaders(context.Response.Headers);
            return names.IsOurs(context.Request.Host) || IsProbe(context.Request.Path) ? next(context) : MisdirectAsync(context);
        });
        app.MapShow("/healthz", context => WriteHealth(context, health));
        app.MapShow("/readyz", context => WriteReady(context, link));
        app.MapShow("/api/status", context => Answers.WriteAsync(context, "application/json", status.Json()));
        app.MapPage();
        app.MapShow("/{*path}", context => Answers.RefuseAsync(
            context, StatusCodes.Status404NotFound, "there is nothing here; the page is at /, its data at /api/status (docs/dashboard.md lists the rest)"));
    }

    /// <summary>What those ask who know no name: orchestrators and load balancers.</summary>
    private static bool IsProbe(PathString path) => path == "/healthz" || path == "/readyz";

    private static Task MisdirectAsync(HttpContext context) => Answers.RefuseAsync(context, StatusCodes.Status421MisdirectedRequest,
        $"this node does not answer as {context.Request.Host.Host}; use its address, or allow the name with Node:Http:AllowedHosts");

    private static void SetHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = PolicyText;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        headers.CacheControl = "no-store";
    }

    private static Task WriteHealth(HttpContext context, Health health)
    {
        (bool isHealthy, string text) = health.Check();
        context.Response.StatusCode = isHealthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return Answers.WriteAsync(context, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text));
    }

    private static Task WriteReady(HttpContext context, HubLink link)
    {
        HubLinkState state = link.State;
        context.Response.StatusCode = state.IsAuthenticated ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return Answers.WriteAsync(context, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(state.IsAuthenticated ? "ready" : $"not connected: {state.Reason}"));
    }
}
