using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Node.Host.Doctor;

namespace Node.Host.Tests.Doctor;

public sealed class ConfigurationChecksTests
{
    private const string Key = "dmVyeXNlY3JldGtleTEyMw==";

    [Fact]
    public async Task Faults_of_the_settings_are_errors_and_unknown_keys_warnings()
    {
        using var rig = new DoctorRig();

        CheckResult fault = await rig.ConfigurationAsync("configuration", ("Node:Http:Port", "x"));
        CheckResult unknown = await rig.ConfigurationAsync("configuration", ("Node:Http:Prt", "80"));

        Assert.Equal(("error", "warning", "ok"), (fault.Result, unknown.Result, (await rig.ConfigurationAsync("configuration")).Result));
        Assert.Contains("Node:Http:Port: 'x'", fault.Text, StringComparison.Ordinal);
        Assert.Contains("config show --sources", unknown.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "warning")]
    [InlineData("DeviceId=d;SharedAccessKey=AAAA", "error")]
    [InlineData("HostName=h;DeviceId=d;SharedAccessKey=no base64!", "error")]
    [InlineData("HostName=h;DeviceId=d;SharedAccessKey=AAAA", "error")] // Three bytes are no key.
    [InlineData($"HostName=h;DeviceId=d;SharedAccessKey={Key}", "ok")]
    public async Task Credentials_are_judged_and_never_shown(string? connectionString, string expected)
    {
        using var rig = new DoctorRig();

        CheckResult result = await rig.ConfigurationAsync("credentials", ("Node:Hub:ConnectionString", connectionString));

        Assert.Equal(expected, result.Result);
        Assert.DoesNotContain("AAAA", result.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, result.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("no base64!", result.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-10, "error", "has expired on")]
    [InlineData(10, "warning", "expires on")]
    [InlineData(400, "ok", "1 of Node:Hub:TrustedRootsFile")]
    public async Task Trusted_roots_are_read_and_their_end_is_looked_at(int days, string expected, string text)
    {
        using var rig = new DoctorRig();
        using var key = ECDsa.Create();
        using X509Certificate2 root = new CertificateRequest("CN=root", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-500), TimeProvider.System.GetUtcNow().AddDays(days));
        rig.Write("/roots.pem", root.ExportCertificatePem());

        CheckResult result = await rig.ConfigurationAsync("trusted-roots", ("Node:Hub:TrustedRootsFile", rig.Root.File("roots.pem")));

        Assert.Equal(expected, result.Result);
        Assert.Contains(text, result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_roots_of_its_own_the_systems_must_be_there()
    {
        using var rig = new DoctorRig();

        CheckResult missing = await rig.ConfigurationAsync("trusted-roots");
        rig.Write("/etc/ssl/certs/ca-certificates.crt", "x");

        Assert.Equal(("error", "ok"), (missing.Result, (await rig.ConfigurationAsync("trusted-roots")).Result));
        Assert.Contains("ca-certificates", missing.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_roots_that_holds_none_is_an_error()
    {
        using var rig = new DoctorRig();
        rig.Write("/roots.pem", "nothing");

        Assert.Equal("error", (await rig.ConfigurationAsync("trusted-roots", ("Node:Hub:TrustedRootsFile", rig.Root.File("roots.pem")))).Result);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_secret_file_that_everyone_can_read_is_a_warning()
    {
        using var rig = new DoctorRig();
        rig.Write("/secret", "x");
        File.SetUnixFileMode(rig.Root.File("secret"), UnixFileMode.UserRead | UnixFileMode.OtherRead);

        CheckResult open = await rig.ConfigurationAsync("secret-files", ("Node:Hub:ConnectionString:File", rig.Root.File("secret")));
        File.SetUnixFileMode(rig.Root.File("secret"), UnixFileMode.UserRead);
        CheckResult closed = await rig.ConfigurationAsync("secret-files", ("Node:Hub:ConnectionString:File", rig.Root.File("secret")));

        Assert.Equal(("warning", "ok"), (open.Result, closed.Result));
        Assert.Contains("chmod 600", open.Remedy, StringComparison.Ordinal);
    }
}
