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

    public static void MapDashboard(this WebApplication app, StatusSource status, Health health, HubLink link)
    {
        app.Use((context, next) =>
        {
            SetHeaders(context.Response.Headers);
            return next(context);
        });
        app.MapGet("/healthz", context => WriteHealth(context, health));
        app.MapGet("/readyz", context => WriteReady(context, link));
        app.MapGet("/api/status", context => Answers.WriteAsync(context, "application/json", status.Json()));
        app.MapPage();
    }

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
