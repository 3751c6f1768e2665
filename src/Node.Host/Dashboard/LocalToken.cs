using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Node.Host.Dashboard;

/// <summary>Who may change something over HTTP: whoever knows the token, sent as <c>Authorization: Bearer TOKEN</c> or as a basic password.</summary>
internal sealed class LocalToken(string? token, WrongTokens wrong)
{
    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";

    /// <summary>Answers 403 where no token is configured or a foreign page asks, 401 where the caller's token is not it, and 429 after too many of these.</summary>
    public async Task<bool> AllowsAsync(HttpContext context)
    {
        if (token is null)
        {
            await Refuse(context, StatusCodes.Status403Forbidden, "changes over HTTP are off; set Node:Http:Token (or Node:Http:Token:File) to allow them");
            return false;
        }

        if (HostNames.IsForeign(context.Request))
        {
            await Refuse(context, StatusCodes.Status403Forbidden, "a page of another origin may change nothing here; a proxy must pass Host on or say it as X-Forwarded-Host");
            return false;
        }

        IPAddress? caller = context.Connection.RemoteIpAddress;
        if (wrong.WaitOf(caller) is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            await Refuse(context, StatusCodes.Status429TooManyRequests, "too many wrong tokens came from this address; try again in a minute");
            return false;
        }

        string sent = Sent(context.Request.Headers.Authorization.ToString());
        if (!IsIt(sent))
        {
            if (sent.Length > 0)
            {
                wrong.Note(caller);
            }

            context.Response.Headers.WWWAuthenticate = "Basic realm=\"sensornode\"";
            await Refuse(context, StatusCodes.Status401Unauthorized, "send the token of Node:Http:Token as a bearer token or as a basic password");
            return false;
        }

        return true;
    }

    private static async Task Refuse(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(reason, context.RequestAborted);
    }

    private static string Sent(string header)
    {
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return header[Bearer.Length..].Trim();
        }

        Span<byte> decoded = stackalloc byte[512];
        if (!header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase) || !Convert.TryFromBase64String(header[Basic.Length..].Trim(), decoded, out int length))
        {
            return "";
        }

        string pair = Encoding.UTF8.GetString(decoded[..length]);
        return pair[(pair.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }

    /// <summary>Takes the same time whatever was sent.</summary>
    private bool IsIt(string sent) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(sent)), SHA256.HashData(Encoding.UTF8.GetBytes(token!)));
}
