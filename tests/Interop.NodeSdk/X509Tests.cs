using System.Text.Json.Nodes;
using HubEmulator;
using Interop.NodeSdk.Support;

namespace Interop.NodeSdk;

/// <summary>Devices of the official SDK with certificates: at the hub over each transport, and at the provisioning service.</summary>
public sealed class X509Tests(SdkPackages sdk) : IDisposable
{
    private readonly CertificateFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("tcp", false)]
    [InlineData("tcp", true)]
    [InlineData("ws", false)]
    public async Task A_device_connects_with_its_certificate_and_a_foreign_one_is_refused(string transport, bool byAuthority)
    {
        DeviceCertificate own = CertificateFiles.SelfSigned(InteropHub.DeviceId);
        await using InteropHub hub = await InteropHub.StartAsync(sdk, new LocalHubOptions
        {
            Devices = [byAuthority ? new LocalDevice(InteropHub.DeviceId) { IsSignedByAuthority = true } : new LocalDevice(InteropHub.DeviceId) { Thumbprint = own.Thumbprint }],
        });
        (string certificate, string key) = await _files.WriteAsync("own", byAuthority ? CertificateFiles.Issued(hub.Hub, InteropHub.DeviceId) : own);
        (string other, string otherKey) = await _files.WriteAsync("other", CertificateFiles.SelfSigned(InteropHub.DeviceId));
        await using NodeScript script = hub.Run(
            "x509.js", ("TRANSPORT", transport), ("CERT_FILE", certificate), ("KEY_FILE", key), ("OTHER_CERT_FILE", other), ("OTHER_KEY_FILE", otherKey));

        JsonNode findings = await script.FindingsAsync();

        Assert.Equal("UnauthorizedError", (string)findings["refused"]!["name"]!);
        findings["method"].IsJson("""{"a":1}""");
        Assert.Equal("x509", (string)findings["reported"]!);
        ReceivedTelemetry message = Assert.Single(hub.Hub.Telemetry.Snapshot());
        Assert.Equal(("with a certificate", """{"scope":"device","type":"x509","issuer":"external"}"""), (message.Text(), message.Annotations["iothub-connection-auth-method"]));
    }

    [Theory]
    [InlineData("tcp", "group")]
    [InlineData("tcp", "single")]
    [InlineData("ws", "group")]
    public async Task A_device_registers_with_its_certificate_and_connects_with_it(string transport, string enrolment)
    {
        const string Id = "sn-007";
        using var data = new TemporaryFolder();
        DeviceCertificate own = enrolment == "single" ? CertificateFiles.SelfSigned(Id) : DeviceCertificate.IssueByHub(data.Path, Id, TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(1));
        var options = new LocalHubOptions { DataFolder = data.Path };
        await using InteropHub hub = await InteropHub.StartAsync(sdk, enrolment == "single"
            ? options with { Enrolments = [new LocalEnrolment(Id) { CertificatePem = own.CertificatePem, DeviceId = "garden-1" }] }
            : options with { CertificateGroups = new Dictionary<string, string> { ["line"] = await File.ReadAllTextAsync(Path.Combine(data.Path, "ca.pem"), TestContext.Current.CancellationToken) } });
        hub.Hub.Provisioning.RetryAfterSeconds = 1;
        (string certificate, string key) = await _files.WriteAsync("own", own);
        await using NodeScript script = hub.Run(
            "provision-x509.js", ("TRANSPORT", transport), ("ID_SCOPE", hub.Hub.IdScope), ("REGISTRATION_ID", Id), ("CERT_FILE", certificate), ("KEY_FILE", key));

        JsonNode findings = await script.FindingsAsync();

        JsonNode state = findings["state"] ?? throw new InvalidOperationException(findings.ToJsonString());
        Assert.Equal((hub.Hub.HostName, enrolment == "single" ? "garden-1" : Id), ((string)state["assignedHub"]!, (string)state["deviceId"]!));
        Assert.Equal((string)state["deviceId"]!, Assert.Single(hub.Hub.Telemetry.Snapshot()).DeviceId);
    }
}
