using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HubEmulator.Trust;

namespace HubEmulator.Provisioning;

/// <summary>The certificates that attest for an enrolment, in base64 of their DER: those of the device itself, or the authorities of a group.</summary>
internal sealed record CertificateAttestation(string Primary, string? Secondary)
{
    private IEnumerable<byte[]> All => new[] { Primary, Secondary }.OfType<string>().Select(Convert.FromBase64String);

    /// <summary>Reads base64 of DER, or PEM; the first certificate counts.</summary>
    /// <returns>Base64 of DER, or null when it is no certificate.</returns>
    public static string? TryRead(string text)
    {
        try
        {
            using X509Certificate2 certificate = text.Contains("-----BEGIN", StringComparison.Ordinal)
                ? X509Certificate2.CreateFromPem(text)
                : X509CertificateLoader.LoadCertificate(Convert.FromBase64String(text));
            return Convert.ToBase64String(certificate.RawData);
        }
        catch (Exception broken) when (broken is CryptographicException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>True when the device presents one of the certificates itself, within its time.</summary>
    public bool IsPresented(PresentedCertificate presented, DateTimeOffset now) =>
        All.Any(one => one.AsSpan().SequenceEqual(presented.Certificate)) && IsInTime(presented, now);

    /// <summary>True when what the device presents leads to one of the certificates.</summary>
    public bool IsAbove(PresentedCertificate presented, DateTimeOffset now)
    {
        List<X509Certificate2> authorities = [.. All.Select(X509CertificateLoader.LoadCertificate)];
        using X509Certificate2 certificate = presented.Load();
        try
        {
            return CertificateVerifier.FindTimeFault(certificate, now) is null && CertificateVerifier.LeadsTo(authorities, certificate, presented, now);
        }
        finally
        {
            authorities.ForEach(one => one.Dispose());
        }
    }

    private static bool IsInTime(PresentedCertificate presented, DateTimeOffset now)
    {
        using X509Certificate2 certificate = presented.Load();
        return CertificateVerifier.FindTimeFault(certificate, now) is null;
    }
}
