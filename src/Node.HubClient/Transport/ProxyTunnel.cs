using System.Text;

namespace Node.HubClient.Transport;

/// <summary>Asks an HTTP proxy for a tunnel (RFC 9110 section 9.3.6), with Basic authentication where a user is given (RFC 7617).</summary>
internal sealed class ProxyTunnel(Stream stream, HttpProxy proxy, LinkEndpoint target)
{
    private readonly HttpHandshake _handshake = new(stream, Request(proxy, target));

    /// <summary>One step. True when the tunnel stands.</summary>
    /// <exception cref="IOException">The proxy refused or failed; the text says which and never holds the password.</exception>
    public bool Poll()
    {
        if (_handshake.Poll() is not { } head)
        {
            return false;
        }

        return head.Status is >= 200 and < 300 ? true : throw new IOException(head.Status switch
        {
            407 => $"the proxy {proxy} wants a user name and password, or refuses those given (407)",
            _ => $"the proxy {proxy} refused the tunnel to {target.Authority} (status {head.Status})",
        });
    }

    /// <summary>Consumes a read that ended with the stream.</summary>
    public void Observe() => _handshake.Observe();

    private static byte[] Request(HttpProxy proxy, LinkEndpoint target)
    {
        var request = new StringBuilder($"CONNECT {target.Authority} HTTP/1.1\r\nHost: {target.Authority}\r\n");
        if (proxy.UserName is not null)
        {
            request.Append("Proxy-Authorization: Basic ").Append(Convert.ToBase64String(Encoding.UTF8.GetBytes($"{proxy.UserName}:{proxy.Password}"))).Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(request.Append("\r\n").ToString());
    }
}
