using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Node.HubClient.Transport;

/// <summary>Where a link goes: the name that the certificate must cover, and the port.</summary>
/// <param name="Host">Host name or address.</param>
/// <param name="Port">1 to 65,535.</param>
internal sealed record LinkEndpoint(string Host, int Port)
{
    private const string LoopbackSuffix = ".localhost";

    /// <summary>The host as it stands in a URL: an IPv6 address in brackets.</summary>
    public string UrlHost => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;

    /// <summary>Host and port as they stand in a request.</summary>
    public string Authority => string.Create(CultureInfo.InvariantCulture, $"{UrlHost}:{Port}");

    /// <summary>Reads <c>{host}</c> or <c>{host}:{port}</c>; an IPv6 address takes brackets where a port follows.</summary>
    /// <exception cref="FormatException">Host or port are none.</exception>
    public static LinkEndpoint Parse(string text, int defaultPort)
    {
        int colon = text.LastIndexOf(':');
        bool hasPort = colon >= 0 && (text.IndexOf(':', StringComparison.Ordinal) == colon || text[..colon].EndsWith(']'));
        string host = hasPort ? text[..colon] : text;
        bool isBracketed = host.StartsWith('[') && host.EndsWith(']');
        host = isBracketed ? host[1..^1] : host;
        UriHostNameType kind = Uri.CheckHostName(host);
        if (kind is UriHostNameType.Unknown || (isBracketed && kind is not UriHostNameType.IPv6))
        {
            throw new FormatException("GatewayHostName is no host name or address; write it without a scheme, perhaps with a port after a colon, an IPv6 address with a port in brackets.");
        }

        return !hasPort ? new LinkEndpoint(host, defaultPort)
            : int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= 65_535 ? new LinkEndpoint(host, port)
            : throw new FormatException($"GatewayHostName: {text[(colon + 1)..]} is no port; write a name, or a name and a port of 1 to 65535 with a colon between.");
    }

    /// <summary>
    /// The addresses of the host. Literals and names under <c>.localhost</c> (always loopback: RFC 6761 section 6.3) are known at once;
    /// the rest is asked of the resolver, which the caller polls.
    /// </summary>
    public Task<IPAddress[]> ResolveAsync()
    {
        if (IPAddress.TryParse(Host, out IPAddress? literal))
        {
            return Task.FromResult<IPAddress[]>([literal]);
        }

        return Host.EndsWith(LoopbackSuffix, StringComparison.OrdinalIgnoreCase) || Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            ? Task.FromResult<IPAddress[]>(Socket.OSSupportsIPv6 ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : [IPAddress.Loopback])
            : LookUpAsync();
    }

    /// <summary>Asynchronous from its first line, so that a name which the resolver refuses to look at is a failed task, too.</summary>
    private async Task<IPAddress[]> LookUpAsync() => await Dns.GetHostAddressesAsync(Host).ConfigureAwait(false);
}
