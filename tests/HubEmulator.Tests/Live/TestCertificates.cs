using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HubEmulator.Tests.Live;

/// <summary>Certificates and authorities for tests; what it hands out goes with it.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly List<X509Certificate2> _made = [];

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public X509Certificate2 SelfSigned(string name, TimeSpan? lifetime = null) => Load(DeviceCertificate.MakeSelfSigned(name, Now, lifetime ?? TimeSpan.FromDays(1)));

    public X509Certificate2 Issued(string name, X509Certificate2 authority, TimeSpan? lifetime = null) => Load(DeviceCertificate.Issue(name, authority, Now, lifetime ?? TimeSpan.FromDays(1)));

    /// <summary>An authority of its own, or below another.</summary>
    public X509Certificate2 Authority(string name, X509Certificate2? above = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName($"CN={name}"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        if (above is null)
        {
            return Keep(request.CreateSelfSigned(Now.AddDays(-30), Now.AddDays(30)));
        }

        using X509Certificate2 issued = request.Create(above, Now.AddDays(-29), Now.AddDays(29), RandomNumberGenerator.GetBytes(12));
        return Keep(issued.CopyWithPrivateKey(key));
    }

    public X509Certificate2 Load(DeviceCertificate certificate) => Keep(X509Certificate2.CreateFromPem(certificate.CertificatePem, certificate.KeyPem));

    public void Dispose() => _made.ForEach(one => one.Dispose());

    private X509Certificate2 Keep(X509Certificate2 certificate)
    {
        _made.Add(certificate);
        return certificate;
    }
}
