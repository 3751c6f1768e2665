using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HubEmulator.Trust;

/// <summary>
/// The certificate with which a client opened its TLS connection. TLS has made sure that the client holds its private key, and of nothing else:
/// the identity that the client names decides later whether the certificate will do.
/// </summary>
/// <param name="Certificate">Its DER bytes.</param>
/// <param name="Others">What the client sent along, in DER: the way to an authority.</param>
internal sealed record PresentedCertificate(byte[] Certificate, IReadOnlyList<byte[]> Others)
{
    private const int MostOthers = 8;
    private const string CommonNameOid = "2.5.4.3";

    public string Sha1Thumbprint => Convert.ToHexString(Sha1Of(Certificate));

    public string Sha256Thumbprint => Convert.ToHexString(SHA256.HashData(Certificate));

    /// <summary>Copies what a handshake has brought, so that nothing of it must be disposed.</summary>
    public static PresentedCertificate Of(X509Certificate certificate, X509Chain? chain)
    {
        byte[] own = certificate.GetRawCertData();
        IEnumerable<byte[]> others = chain?.ChainPolicy.ExtraStore.Select(one => one.RawData) ?? [];
        return new PresentedCertificate(own, [.. others.Where(one => !one.AsSpan().SequenceEqual(own)).Take(MostOthers)]);
    }

    public X509Certificate2 Load() => X509CertificateLoader.LoadCertificate(Certificate);

    /// <returns>The common name of the subject, or null when there is none, or more than one.</returns>
    public static string? CommonNameOf(X509Certificate2 certificate)
    {
        List<X500RelativeDistinguishedName> names = [.. certificate.SubjectName.EnumerateRelativeDistinguishedNames()
            .Where(name => !name.HasMultipleElements && name.GetSingleElementType().Value == CommonNameOid)];
        return names.Count == 1 ? names[0].GetSingleElementValue() : null;
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "The service takes SHA-1 thumbprints.")]
    private static byte[] Sha1Of(byte[] certificate) => SHA1.HashData(certificate);
}
