using System.Security.Cryptography.X509Certificates;

namespace Node.HubClient.Connection;

/// <summary>What the client shows in the TLS handshake: its own certificate, and those between it and the root that the other side knows.</summary>
/// <param name="own">The certificate, with its private key.</param>
/// <param name="intermediates">The authorities between, in any order; null for none.</param>
internal sealed class ShownCertificate(X509Certificate2 own, X509Certificate2Collection? intermediates)
{
    /// <summary>The certificate, with its private key.</summary>
    public X509Certificate2 Own => own;

    /// <summary>The authorities between; null for none.</summary>
    public X509Certificate2Collection? Intermediates => intermediates;

    /// <summary>Reads PEM texts; the first certificate is the client's own, those behind it are the intermediates.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">No PEM.</exception>
    /// <exception cref="ArgumentException">The key does not belong to the certificate.</exception>
    public static ShownCertificate FromPem(string certificatesPem, string keyPem)
    {
        X509Certificate2 own = X509Certificate2.CreateFromPem(certificatesPem, keyPem);
        var all = new X509Certificate2Collection();
        all.ImportFromPem(certificatesPem);
        all.RemoveAt(0);
        return new ShownCertificate(own, all.Count > 0 ? all : null);
    }
}
