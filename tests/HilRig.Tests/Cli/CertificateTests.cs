using System.Security.Cryptography.X509Certificates;
using HilRig.Bench;
using HilRig.Cli;
using HilRig.Tests.Proofs;
using HubEmulator;

namespace HilRig.Tests.Cli;

/// <summary>Devices with a certificate on the command line: what it makes, what it reads, what it prints.</summary>
[Collection(OneBenchAtATime.Name)]
public sealed class CertificateTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly TemporaryFolder _state = new("hilrig-test-");

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task A_hub_makes_the_certificate_of_a_device_once_and_prints_what_to_paste()
    {
        string data = Path.Combine(_state.Path, "hub");
        LocalDevice first = CertificateOptions.ReadDevice("lamp:1", data, TimeProvider.System);
        await using RigProcess hub = RigProcess.Start(
            _state, "hub", "--data", data, "--mqtt-port", "0", "--https-port", "0", "--page-port", "0", "--amqp-port", "0", "--device-x509", "lamp:1", "--device-x509-ca", "door");

        await hub.HearAsync("hub ready");

        Assert.Contains("DeviceId=lamp:1;x509=true", hub.Output, StringComparison.Ordinal);
        Assert.Contains($"with certificate {Path.Combine(data, "devices", "lamp%3A1.pem")}", hub.Output, StringComparison.Ordinal);
        Assert.Contains("DeviceId=door;x509=true", hub.Output, StringComparison.Ordinal);
        Assert.Equal(first.Thumbprint, CertificateOptions.ReadDevice("lamp:1", data, TimeProvider.System).Thumbprint);
    }

    [Fact]
    public async Task A_certificate_is_issued_by_the_authority_of_the_hub_or_signs_itself()
    {
        string data = Path.Combine(_state.Path, "hub");

        (int issuedCode, _) = await RigProcess.RunAsync(_state, Deadline, ["hub", "certificate", "door", "--data", data]);
        (int ownCode, string output) = await RigProcess.RunAsync(_state, Deadline, ["hub", "certificate", "door", "--data", data, "--out", _state.Path, "--self-signed", "--days", "2"]);
        using var issued = X509Certificate2.CreateFromPemFile(Path.Combine(data, "devices", "door.pem"), Path.Combine(data, "devices", "door-key.pem"));
        using var own = X509Certificate2.CreateFromPemFile(Path.Combine(_state.Path, "door.pem"), Path.Combine(_state.Path, "door-key.pem"));
        using var authority = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(Path.Combine(data, "ca.pem"), TestContext.Current.CancellationToken));

        Assert.Equal((0, 0), (issuedCode, ownCode));
        Assert.Equal(("CN=door", authority.Subject), (issued.Subject, issued.Issuer));
        Assert.Equal(("CN=door", "CN=door"), (own.Subject, own.Issuer));
        Assert.True(issued.HasPrivateKey && own.HasPrivateKey);
        Assert.Contains(DeviceCertificateFiles.ThumbprintOf(Path.Combine(_state.Path, "door.pem")), output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a=b=0123456789abcdef0123456789abcdef01234567", "a=b")]
    [InlineData("lamp=01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67", "lamp")]
    public void A_thumbprint_follows_the_last_equals_sign(string text, string id) =>
        Assert.Equal(id, CertificateOptions.ReadDevice(text, _state.Path, TimeProvider.System).Id);
}
