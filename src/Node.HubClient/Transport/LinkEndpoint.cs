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

    /// <summary>Reads <c>{host}</c> or <c>{host}:{port}</c>; an address with more than one colon is an address alone.</summary>
    /// <exception cref="FormatException">The port is none.</exception>
    public static LinkEndpoint Parse(string text, int defaultPort)
    {
        int colon = text.LastIndexOf(':');
        if (colon < 0 || text.IndexOf(':', StringComparison.Ordinal) != colon)
        {
            return new LinkEndpoint(text, defaultPort);
        }

        return int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= 65_535
            ? new LinkEndpoint(text[..colon], port)
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
            : Dns.GetHostAddressesAsync(Host);
    }
}
