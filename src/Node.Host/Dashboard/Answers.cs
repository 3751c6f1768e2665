using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Node.Host.Dashboard;

/// <summary>How the endpoints answer.</summary>
internal static class Answers
{
    private static readonly string[] Showing = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Answers GET, and HEAD as GET without a body.</summary>
    public static void MapShow(this IEndpointRouteBuilder app, string pattern, RequestDelegate show) => app.MapMethods(pattern, Showing, show);

    public static Task WriteAsync(HttpContext context, string contentType, byte[] content)
    {
        context.Response.ContentType = contentType;
        context.Response.ContentLength = content.Length;
        return context.Response.Body.WriteAsync(content, context.RequestAborted).AsTask();
    }

    public static Task JsonAsync(HttpContext context, byte[] json) => WriteAsync(context, "application/json; charset=utf-8", json);

    public static Task JsonAsync(HttpContext context, JsonNode json) => JsonAsync(context, Encoding.UTF8.GetBytes(json.ToJsonString()));

    /// <summary>A refusal in one line: what is wrong and what is allowed.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        return WriteAsync(context, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(reason));
    }
}
