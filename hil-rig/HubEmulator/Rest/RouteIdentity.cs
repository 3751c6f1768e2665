using HubEmulator.Identity;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>The identity that a path names: <c>…/{id}</c>, or <c>…/{id}/modules/{module}</c>.</summary>
internal static class RouteIdentity
{
    public static string Of(HttpContext context) =>
        DeviceIds.Join(context.Request.RouteValues["id"]?.ToString() ?? "", context.Request.RouteValues["module"]?.ToString());
}
