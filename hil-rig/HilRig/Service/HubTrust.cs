using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HilRig.Service;

/// <summary>A connection to a hub on this machine whose certificate only its own development CA vouches for.</summary>
internal static class HubTrust
{
    /// <summary>
    /// Connects to the loopback address, because the emulated hub's name need not resolve, and trusts the given CA alone.
    /// </summary>
    /// <exception cref="RigException">The CA file is missing or holds no certificate.</exception>
    public static SocketsHttpHandler Handler(string caFile) => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(5),
        ConnectCallback = ConnectToLoopbackAsync,
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck, // a development CA publishes no list
                CustomTrustStore = { ReadAuthority(caFile) },
            },
        },
    };

    private static X509Certificate2 ReadAuthority(string caFile)
    {
        try
        {
            return X509CertificateLoader.LoadCertificateFromFile(caFile);
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new RigException(RigFault.UnusableInput, $"{caFile}: no certificate can be read here; it is the ca.pem beside hub.json", fault);
        }
    }

    private static async ValueTask<Stream> ConnectToLoopbackAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
