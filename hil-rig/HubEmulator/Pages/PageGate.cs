using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using HubEmulator.Identity;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Pages;

/// <summary>
/// Who may use the page: programs on this machine that call the hub by one of its names, and from elsewhere whoever knows a key of the owner's
/// policy (HTTP Basic, user <c>iothubowner</c>). Another site in the same browser gets nothing: calls need a header that it cannot send.
/// </summary>
internal sealed class PageGate(HubHosts hosts, AccessPolicy owner)
{
    /// <summary>The header that the page sends with each call. A page of another origin cannot, without a permission that is never given.</summary>
    public const string CallHeader = "X-Hub-Page";

    private static readonly string[] ProxyHeaders = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host"];

    /// <returns>Null to let the request in, otherwise the status that refuses it.</returns>
    public int? Check(HttpContext context, bool isCall)
    {
        HttpRequest request = context.Request;
        bool isFromElsewhere = request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site";
        if (isCall && (request.Headers[CallHeader] != "1" || isFromElsewhere))
        {
            return StatusCodes.Status403Forbidden;
        }

        if (HasKey(request.Headers.Authorization.ToString()))
        {
            return null;
        }

        if (!IsOnThisMachine(context))
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"local IoT Hub\", charset=\"UTF-8\"";
            return StatusCodes.Status401Unauthorized;
        }

        return hosts.Contains(request.Host.Value ?? "") ? null : StatusCodes.Status403Forbidden; // a foreign name that was made to point here
    }

    /// <summary>A proxy on this machine speaks for somebody who may be anywhere.</summary>
    private static bool IsOnThisMachine(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } peer
        && IPAddress.IsLoopback(peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer)
        && !Array.Exists(ProxyHeaders, context.Request.Headers.ContainsKey);

    private bool HasKey(string authorization)
    {
        if (!AuthenticationHeaderValue.TryParse(authorization, out AuthenticationHeaderValue? header) || header.Scheme != "Basic")
        {
            return false;
        }

        byte[] given = new byte[header.Parameter?.Length ?? 0];
        if (!Convert.TryFromBase64String(header.Parameter ?? "", given, out int length))
        {
            return false;
        }

        bool isPrimary = IsSame(given.AsSpan(0, length), owner.Keys.Primary);
        return IsSame(given.AsSpan(0, length), owner.Keys.Secondary) || isPrimary;
    }

    private bool IsSame(ReadOnlySpan<byte> given, string key) => CryptographicOperations.FixedTimeEquals(given, Encoding.UTF8.GetBytes($"{owner.Name}:{key}"));
}
