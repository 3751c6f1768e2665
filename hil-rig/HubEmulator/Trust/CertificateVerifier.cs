using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HubEmulator.Identity;

namespace HubEmulator.Trust;

/// <summary>
/// Decides whether the certificate of a TLS connection opens an identity: by its thumbprint, or by its name and the way to an authority of the hub
/// (wire contract, section 1.2). A certificate out of its time opens nothing.
/// </summary>
/// <param name="authorities">Whose certificates are taken for identities of type <c>certificateAuthority</c>; intermediate authorities may be among them.</param>
/// <param name="clock">The clock of validity.</param>
internal sealed class CertificateVerifier(IReadOnlyList<X509Certificate2> authorities, TimeProvider clock)
{
    /// <returns>Null when the certificate opens the identity, otherwise why not.</returns>
    public string? FindFault(DeviceIdentity identity, PresentedCertificate presented)
    {
        using X509Certificate2? certificate = TryLoad(presented);
        if (certificate is null)
        {
            return "the certificate cannot be read";
        }

        DateTimeOffset now = clock.GetUtcNow();
        if (FindTimeFault(certificate, now) is { } late)
        {
            return late;
        }

        return identity.Credentials.Type switch
        {
            AuthenticationType.SelfSigned => identity.Credentials.Thumbprints.Contain(presented.Sha1Thumbprint, presented.Sha256Thumbprint)
                ? null
                : $"the certificate has another thumbprint, {presented.Sha256Thumbprint} in SHA-256",
            AuthenticationType.CertificateAuthority => FindAuthorityFault(identity, certificate, presented, now),
            _ => "the identity authenticates with a key, not with a certificate",
        };
    }

    /// <returns>Null within the certificate's time.</returns>
    public static string? FindTimeFault(X509Certificate2 certificate, DateTimeOffset now) =>
        now < certificate.NotBefore ? "the certificate is not valid yet"
        : now > certificate.NotAfter ? "the certificate has expired"
        : null;

    /// <summary>True when each signature on the way from the certificate to one of the authorities is right, and everything on it within its time.</summary>
    public static bool LeadsTo(IEnumerable<X509Certificate2> authorities, X509Certificate2 certificate, PresentedCertificate presented, DateTimeOffset now)
    {
        List<X509Certificate2> trusted = [.. authorities];
        List<X509Certificate2> others = [.. presented.Others.Select(TryLoad).OfType<X509Certificate2>()];
        using var chain = new X509Chain { ChainPolicy = Policy(trusted, others, now) };
        chain.Build(certificate);
        try
        {
            return chain.ChainElements.Skip(1).TakeWhile(IsSound).Any(element => trusted.Exists(one => one.RawDataMemory.Span.SequenceEqual(element.Certificate.RawDataMemory.Span)))
                && IsSound(chain.ChainElements[0]);
        }
        finally
        {
            others.ForEach(one => one.Dispose());
            chain.ChainElements.ToList().ForEach(element => element.Certificate.Dispose());
        }
    }

    /// <summary>An authority may be an intermediate one, whose own issuer nobody needs to know.</summary>
    private static bool IsSound(X509ChainElement element) =>
        element.ChainElementStatus.All(fault => fault.Status is X509ChainStatusFlags.NoError or X509ChainStatusFlags.UntrustedRoot or X509ChainStatusFlags.PartialChain);

    private static X509ChainPolicy Policy(IEnumerable<X509Certificate2> trusted, IEnumerable<X509Certificate2> others, DateTimeOffset now)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust, // not the system's authorities
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTime = now.LocalDateTime,
            VerificationTimeIgnored = false,
        };
        foreach (X509Certificate2 authority in trusted)
        {
            policy.CustomTrustStore.Add(authority);
            policy.ExtraStore.Add(authority);
        }

        foreach (X509Certificate2 other in others)
        {
            policy.ExtraStore.Add(other);
        }

        return policy;
    }

    private string? FindAuthorityFault(DeviceIdentity identity, X509Certificate2 certificate, PresentedCertificate presented, DateTimeOffset now)
    {
        if (PresentedCertificate.CommonNameOf(certificate) is var name && name != identity.Id)
        {
            return $"the certificate is for '{name}'";
        }

        return LeadsTo(authorities, certificate, presented, now) ? null : "the certificate leads to no authority of the hub";
    }

    private static X509Certificate2? TryLoad(PresentedCertificate presented) => TryLoad(presented.Certificate);

    private static X509Certificate2? TryLoad(byte[] der)
    {
        try
        {
            return X509CertificateLoader.LoadCertificate(der);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
