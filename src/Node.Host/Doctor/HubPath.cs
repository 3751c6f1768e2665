using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Node.Host.Configuration;
using Node.HubClient;

namespace Node.Host.Doctor;

/// <summary>A way to the hub as the node goes it: TCP, through the proxy where there is one, then TLS against the roots that are trusted.</summary>
internal sealed class HubPath(string host, HubOptions hub)
{
    private const int LongestHead = 8 * 1024;
    private static readonly IPAddress[] Loopback = [IPAddress.Loopback, IPAddress.IPv6Loopback];

    /// <summary>The addresses of a name, found as the client finds them: names under <c>.localhost</c> are loopback (RFC 6761 section 6.3), whatever the resolver says.</summary>
    public static Task<IPAddress[]> ResolveAsync(string name, CancellationToken cancellationToken) =>
        name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) ? Task.FromResult(Loopback) : Dns.GetHostAddressesAsync(name, cancellationToken);

    /// <summary>Connects and gives the end of the server's certificate.</summary>
    public async Task<DateTime> HandshakeAsync(int port, CancellationToken cancellationToken)
    {
        await using SslStream tls = await OpenAsync(port, cancellationToken);
        using var certificate = new X509Certificate2(tls.RemoteCertificate!);
        return certificate.NotAfter.ToUniversalTime();
    }

    /// <summary>The Date that the hub's HTTPS side gives; null when it gives none.</summary>
    public async Task<DateTimeOffset?> DateAsync(int port, CancellationToken cancellationToken)
    {
        await using SslStream tls = await OpenAsync(port, cancellationToken);
        await tls.WriteAsync(Encoding.ASCII.GetBytes($"HEAD / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"), cancellationToken);
        string head = await ReadHeadAsync(tls, cancellationToken);
        string? line = head.Split("\r\n").FirstOrDefault(each => each.StartsWith("Date:", StringComparison.OrdinalIgnoreCase));
        return DateTimeOffset.TryParse(line?["Date:".Length..], System.Globalization.CultureInfo.InvariantCulture, out DateTimeOffset date) ? date : null;
    }

    /// <summary>Whether something listens at the proxy.</summary>
    public static async Task ReachAsync(HttpProxy proxy, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(proxy.Host, proxy.Port, cancellationToken);
    }

    private async Task<SslStream> OpenAsync(int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        SslStream? tls = null;
        try
        {
            await socket.ConnectAsync(await ResolveAsync(hub.Proxy?.Host ?? host, cancellationToken), hub.Proxy?.Port ?? port, cancellationToken);
            if (hub.Proxy is { } proxy)
            {
                await TunnelAsync(socket, proxy, port, cancellationToken);
            }

            tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host, CertificateChainPolicy = Trust() }, cancellationToken);
            return tls;
        }
        catch
        {
            if (tls is not null)
            {
                await tls.DisposeAsync();
            }

            socket.Dispose();
            throw;
        }
    }

    private async Task TunnelAsync(Socket socket, HttpProxy proxy, int port, CancellationToken cancellationToken)
    {
        string credentials = proxy.UserName is null ? ""
            : $"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{proxy.UserName}:{proxy.Password}"))}\r\n";
        await using var stream = new NetworkStream(socket, ownsSocket: false);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n{credentials}\r\n"), cancellationToken);
        string head = await ReadHeadAsync(stream, cancellationToken);
        string status = head.Split("\r\n")[0];
        if (!status.Contains(" 200", StringComparison.Ordinal))
        {
            throw new IOException($"the proxy answers '{status}'");
        }
    }

    private X509ChainPolicy? Trust()
    {
        if (hub.TrustedRootsPem is not { } pem)
        {
            return null;
        }

        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(pem);
        return policy;
    }

    /// <summary>Reads an HTTP head, byte by byte so that nothing behind it is taken.</summary>
    private static async Task<string> ReadHeadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (head.Length < LongestHead && await stream.ReadAsync(one, cancellationToken) == 1)
        {
            head.Append((char)one[0]);
            if (one[0] == '\n' && head.Length >= 4 && head.ToString(head.Length - 4, 4) == "\r\n\r\n")
            {
                break;
            }
        }

        return head.ToString();
    }
}
