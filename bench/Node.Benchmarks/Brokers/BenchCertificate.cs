using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Node.Benchmarks.Brokers;

/// <summary>A root and a server certificate, RSA-2048 as the hub's, made for one run and valid for a day.</summary>
internal sealed class BenchCertificate : IDisposable
{
    private BenchCertificate(X509Certificate2 server, string rootPem)
    {
        Server = server;
        RootPem = rootPem;
    }

    /// <summary>The server's certificate with its key.</summary>
    public X509Certificate2 Server { get; }

    /// <summary>The root, as PEM text.</summary>
    public string RootPem { get; }

    /// <summary>Makes both.</summary>
    public static BenchCertificate Make()
    {
        using RSA rootKey = RSA.Create(2048);
        using X509Certificate2 root = Root(rootKey);
        return new BenchCertificate(Issue(root), root.ExportCertificatePem());
    }

    public void Dispose() => Server.Dispose();

    private static X509Certificate2 Root(RSA key)
    {
        var request = new CertificateRequest("CN=bench root", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private static X509Certificate2 Issue(X509Certificate2 root)
    {
        using RSA key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={Endpoint.HostName}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Endpoint.HostName);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 signed = request.Create(root, root.NotBefore, root.NotAfter, [1, 2, 3, 4]);
        using X509Certificate2 whole = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }
}
