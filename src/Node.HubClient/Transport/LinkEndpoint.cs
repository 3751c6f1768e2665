using System.Net;
using System.Net.Sockets;

namespace Node.HubClient.Transport;

/// <summary>Where a link goes: the name that the certificate must cover, and the port.</summary>
/// <param name="Host">Host name or address.</param>
/// <param name="Port">1 to 65,535.</param>
internal sealed record LinkEndpoint(string Host, int Port)
{
    private const string LoopbackSuffix = ".localhost";

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
