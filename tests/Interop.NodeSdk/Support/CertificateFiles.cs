using HubEmulator;

namespace Interop.NodeSdk.Support;

/// <summary>Certificates as the files that scripts read.</summary>
internal sealed class CertificateFiles : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Writes a certificate and its key.</summary>
    /// <returns>Both paths.</returns>
    public async Task<(string Certificate, string Key)> WriteAsync(string name, DeviceCertificate certificate)
    {
        string file = Path.Combine(_folder.Path, name + ".pem");
        string key = Path.Combine(_folder.Path, name + "-key.pem");
        await File.WriteAllTextAsync(file, certificate.CertificatePem, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(key, certificate.KeyPem, TestContext.Current.CancellationToken);
        return (file, key);
    }

    public static DeviceCertificate SelfSigned(string name) => DeviceCertificate.MakeSelfSigned(name, TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(1));

    /// <summary>A certificate that the hub's own authority has signed.</summary>
    public static DeviceCertificate Issued(LocalHub hub, string name) =>
        DeviceCertificate.IssueByHub(Path.GetDirectoryName(hub.CaFile)!, name, TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(1));

    public void Dispose() => _folder.Dispose();
}
