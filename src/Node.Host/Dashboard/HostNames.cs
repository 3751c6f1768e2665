using System.Net;
using Microsoft.AspNetCore.Http;

namespace Node.Host.Dashboard;

/// <summary>
/// The names under which the node answers. A page of the internet can let its own name point to an address of the local network (DNS
/// rebinding) and then read the node as its own; so a name that is not of the local network must be allowed first.
/// </summary>
internal sealed class HostNames(IReadOnlyList<string> allowed)
{
    /// <summary>In <c>Node:Http:AllowedHosts</c>: any name.</summary>
    public const string Any = "*";

    private static readonly string[] Local = [".local", ".localhost", ".localdomain", ".lan", ".home", ".home.arpa", ".internal", ".balena-devices.com"];

    /// <summary>Whether a request for <paramref name="host"/> is meant for this node: an address, a name without a dot, one of the local network, or an allowed one.</summary>
    public bool IsOurs(HostString host)
    {
        string name = host.Host.TrimEnd('.');
        return name.Length == 0 // HTTP/1.0 names none, and no browser speaks it.
            || IPAddress.TryParse(name.Trim('[', ']'), out _)
            || !name.Contains('.', StringComparison.Ordinal)
            || Local.Any(end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase))
            || allowed.Any(one => one == Any || Matches(name, one));
    }

    /// <summary>Whether a page made this request that is not the node's own: browsers say so in one of two headers.</summary>
    public static bool IsForeign(HttpRequest request)
    {
        string site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
        {
            return site is not ("same-origin" or "none");
        }

        string origin = request.Headers.Origin.ToString();
        string[] names = [request.Host.Value ?? "", .. request.Headers["X-Forwarded-Host"].ToString().Split(',', StringSplitOptions.TrimEntries)];
        return origin.Length > 0
            && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) && names.Any(name => name.Length > 0 && name.Equals(from.Authority, StringComparison.OrdinalIgnoreCase)));
    }

    private static bool Matches(string name, string allowed) => allowed.StartsWith("*.", StringComparison.Ordinal)
        ? name.EndsWith(allowed[1..], StringComparison.OrdinalIgnoreCase)
        : name.Equals(allowed, StringComparison.OrdinalIgnoreCase);
}
