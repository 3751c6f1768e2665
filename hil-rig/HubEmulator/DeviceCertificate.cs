using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HubEmulator.State;
using HubEmulator.Trust;

namespace HubEmulator;

/// <summary>A development certificate for a device, with its private key, both in PEM. It is for trying X.509 on a bench and for nothing else.</summary>
/// <param name="CertificatePem">The certificate.</param>
/// <param name="KeyPem">Its private key, PKCS #8. A secret.</param>
public sealed record DeviceCertificate(string CertificatePem, string KeyPem)
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private static readonly TimeSpan Backdated = TimeSpan.FromDays(1); // for devices whose clock is behind

    /// <summary>The SHA-256 of the certificate, 64 hexadecimal digits: the thumbprint under which a device is registered.</summary>
    public string Thumbprint => ThumbprintOf(CertificatePem);

    /// <summary>Makes a certificate that signs itself, for a device that is registered by thumbprint.</summary>
    /// <param name="commonName">The device id, or the registration id.</param>
    /// <param name="now">The instant from which the lifetime counts; it is valid a day before, too.</param>
    /// <param name="lifetime">How long it is valid.</param>
    public static DeviceCertificate MakeSelfSigned(string commonName, DateTimeOffset now, TimeSpan lifetime)
    {
        ArgumentException.ThrowIfNullOrEmpty(commonName);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = Request(commonName, key).CreateSelfSigned(now - Backdated, now + lifetime);
        return new DeviceCertificate(certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    /// <summary>Lets an authority issue a certificate, for a device whose identity trusts authorities.</summary>
    /// <param name="commonName">The device id, or the registration id.</param>
    /// <param name="authority">The authority, with its private key. The certificate does not outlive it.</param>
    /// <param name="now">The instant from which the lifetime counts; it is valid a day before, too.</param>
    /// <param name="lifetime">How long it is valid.</param>
    public static DeviceCertificate Issue(string commonName, X509Certificate2 authority, DateTimeOffset now, TimeSpan lifetime)
    {
        ArgumentException.ThrowIfNullOrEmpty(commonName);
        ArgumentNullException.ThrowIfNull(authority);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = Request(commonName, key);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        DateTimeOffset begin = now - Backdated < authority.NotBefore ? authority.NotBefore : now - Backdated;
        DateTimeOffset end = now + lifetime > authority.NotAfter ? authority.NotAfter : now + lifetime;
        using X509Certificate2 certificate = request.Create(authority, begin, end, DevelopmentCa.SerialNumber());
        return new DeviceCertificate(certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    /// <summary>Lets a hub's own authority issue a certificate; a hub made in the folder later uses the same authority.</summary>
    /// <param name="dataFolder">The hub's data folder; made when absent.</param>
    /// <param name="commonName">The device id.</param>
    /// <param name="now">The instant from which the lifetime counts.</param>
    /// <param name="lifetime">How long it is valid.</param>
    /// <exception cref="LocalHubException">The folder, or the authority in it, cannot be used.</exception>
    public static DeviceCertificate IssueByHub(string dataFolder, string commonName, DateTimeOffset now, TimeSpan lifetime)
    {
        using var folder = DataFolder.Open(dataFolder);
        using DevelopmentCa authority = DevelopmentCa.Open(folder, now);
        return authority.IssueDeviceCertificate(commonName, now, lifetime);
    }

    /// <summary>The SHA-256 of the first certificate in a PEM text.</summary>
    /// <exception cref="CryptographicException">There is none.</exception>
    public static string ThumbprintOf(string pem)
    {
        using var certificate = X509Certificate2.CreateFromPem(pem);
        return certificate.GetCertHashString(HashAlgorithmName.SHA256);
    }

    /// <summary>The key stays out of logs.</summary>
    public override string ToString() => $"certificate {Thumbprint}";

    private static CertificateRequest Request(string commonName, ECDsa key)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(commonName);
        var request = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ClientAuthentication)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request;
    }
}
