using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Faults;

/// <summary>
/// The faults on the way of requests to the HTTPS port: late answers and refusals, WebSocket upgrades included. The page and the emulator's own calls
/// stay free, among them the one that ends a fault.
/// </summary>
internal sealed class RequestFaults(FaultDesk desk, TimeProvider clock)
{
    private static readonly string[] Own = ["/hilrig", "/page"];

    /// <summary>Lets a request pass, late where a fault wants it, or answers it.</summary>
    public async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        PathString path = context.Request.Path;
        if (desk.IsQuiet || path == "/" || Array.Exists(Own, own => path.StartsWithSegments(own, StringComparison.Ordinal)))
        {
            await next(context);
            return;
        }

        string? identity = IdentityOf(path.Value ?? "");
        HubFaultProtocols protocol = path.Value!.EndsWith("/websocket", StringComparison.Ordinal) ? HubFaultProtocols.WebSocket : HubFaultProtocols.Https;
        if (protocol == HubFaultProtocols.Https && desk.StrikeRequest(HubFaultKind.Delay, identity, protocol) is { } late)
        {
            await Task.Delay(late.DrawLateness(), clock, context.RequestAborted);
        }

        if (desk.StrikeRequest(HubFaultKind.Refuse, identity, protocol) is { Fault: { Status: { } status } fault })
        {
            await AnswerAsync(context.Response, status, fault.Text);
            return;
        }

        await next(context);
    }

    /// <summary>
    /// <c>/devices/{id}…</c>, <c>/twins/{id}…</c> with <c>/modules/{module}</c> behind it, <c>/{idScope}/registrations/{id}…</c>, <c>/uploads/{device}/{blob}</c>.
    /// </summary>
    /// <returns>Null when the path names none.</returns>
    public static string? IdentityOf(string path) => path.Split('/') switch
    {
        ["", "devices" or "twins", var device, "modules", var module, ..] => $"{device}/{module}",
        ["", "devices" or "twins" or "uploads", var device, ..] => device,
        ["", _, "registrations", var registration, ..] => registration,
        _ => null,
    };

    private static async Task AnswerAsync(HttpResponse response, int status, string? text)
    {
        response.StatusCode = status;
        if (text is null)
        {
            return;
        }

        response.ContentType = "application/json; charset=utf-8";
        var body = new JsonObject { ["Message"] = text, ["ExceptionMessage"] = "" };
        await response.WriteAsync(body.ToJsonString(), response.HttpContext.RequestAborted);
    }
}
