using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Node.HubClient.Connection;

namespace Node.HubClient.Transport;

/// <summary>
/// What the hub's certificate must chain to. There is no way to switch the check off; revocation is not asked for, since that
/// would wait for the network inside a turn.
/// </summary>
internal static class TrustedRoots
{
    /// <summary>Reads PEM text; null means the platform's store.</summary>
    /// <exception cref="CryptographicException">No certificate in the text, or a malformed one.</exception>
    public static X509Certificate2Collection? Parse(string? pem)
    {
        if (pem is null)
        {
            return null;
        }

        var roots = new X509Certificate2Collection();
        roots.ImportFromPem(pem);
        return roots.Count > 0 ? roots : throw new CryptographicException("TrustedRootsPem holds no certificate; it takes PEM text beginning with -----BEGIN CERTIFICATE-----.");
    }

    /// <summary>TLS options for a connection to <paramref name="host"/>, with the certificate to show, if any.</summary>
    public static SslClientAuthenticationOptions ForHost(string host, X509Certificate2Collection? roots, ShownCertificate? shown)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = host, CertificateRevocationCheckMode = X509RevocationMode.NoCheck };
        if (shown is not null)
        {
            options.ClientCertificateContext = SslStreamCertificateContext.Create(shown.Own, shown.Intermediates, offline: true);
        }

        // Also with the platform's roots: a server that forgets an intermediate certificate must not make the check fetch it within a turn.
        options.CertificateChainPolicy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (roots is not null)
        {
            options.CertificateChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            options.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        }

        return options;
    }
}
