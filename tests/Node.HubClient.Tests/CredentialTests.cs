using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests;

public sealed class CredentialTests
{
    private static readonly DeviceConfig Identity = new() { HostName = "contoso.azure-devices.net", DeviceId = "dev1" };

    [Fact]
    public void A_new_credential_is_taken_up_when_nothing_is_in_flight_and_nothing_is_repeated()
    {
        using var rig = new ClientRig();
        rig.Connect();
        rig.Send("a");
        rig.Client.DoWork();

        rig.Client.SetCredential(Identity with { SharedAccessSignature = "SharedAccessSignature sr=x&sig=y&se=1900000000" });
        rig.Send("b");
        rig.Client.DoWork();
        Assert.Equal(0, rig.Hub.PoliteCloses);
        rig.Hub.Confirm(rig.Hub.Published[0].PacketId);
        rig.Client.DoWork();
        rig.Client.DoWork();

        Assert.Equal(1, rig.Hub.PoliteCloses);
        Assert.Equal("SharedAccessSignature sr=x&sig=y&se=1900000000", rig.Hub.Opened[^1].Password);
        rig.Hub.Accept();
        rig.Client.DoWork();
        Assert.Equal(["a", "b"], rig.PublishedPayloads);
    }

    [Fact]
    public void A_given_token_is_used_verbatim_and_never_cycled()
    {
        using var rig = new ClientRig(keepAliveSeconds: 0);
        rig.Client.SetCredential(Identity with { SharedAccessSignature = "SharedAccessSignature sr=x&sig=y&se=1900000000" });
        rig.Connect();

        rig.Advance(TimeSpan.FromHours(20));

        Assert.Single(rig.Hub.Opened);
    }

    [Fact]
    public void An_expired_token_is_not_sent_and_a_new_one_connects()
    {
        using var rig = new ClientRig();
        rig.Client.SetCredential(Identity with { SharedAccessSignature = "SharedAccessSignature sr=x&sig=y&se=1600000000" });
        rig.Client.DoWork();
        rig.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty(rig.Hub.Opened);
        Assert.Equal(ConnectionStatusReason.BadCredential, Assert.Single(rig.Statuses).Reason);
        Assert.Contains("expired", rig.Statuses[0].Detail, StringComparison.Ordinal);

        rig.Client.SetCredential(Identity with { SharedAccessSignature = "SharedAccessSignature sr=x&sig=y&se=1900000000" });
        rig.Client.DoWork();

        Assert.Single(rig.Hub.Opened);
    }

    [Fact]
    public void An_identity_cannot_be_changed_and_a_credential_must_be_one()
    {
        using var rig = new ClientRig();

        Assert.Throws<ArgumentException>(() => rig.Client.SetCredential(Identity with { DeviceId = "other", SharedAccessKey = "QUJD" }));
        Assert.Throws<ArgumentException>(() => rig.Client.SetCredential(Identity));
        Assert.Throws<ArgumentException>(() => rig.Client.SetCredential(Identity with { SharedAccessKey = "QUJD", SharedAccessSignature = "x" }));
        Assert.Throws<FormatException>(() => IotHubClientLL.Create(Identity with { DeviceId = "", SharedAccessKey = "QUJD" }));
    }

    [Fact]
    public async Task A_certificate_is_shown_in_the_handshake_and_no_password_is_sent()
    {
        using X509Certificate2 certificate = DeviceCertificate();
        await using var hub = new LoopbackHub("hub.localhost");
        var config = new DeviceConfig { HostName = "hub.localhost", DeviceId = "dev1", Certificate = certificate };
        using IotHubClientLL client = IotHubClientLL.Create(config, new HubClientOptions { Port = hub.Port, TrustedRootsPem = hub.RootPem });

        Connect(client);

        Assert.Equal(certificate.Thumbprint, hub.ClientCertificate?.GetCertHashString());
        Assert.Equal(0x80, hub.ConnectFlags); // a user name, no password, a session that is kept
    }

    [Fact]
    public async Task A_certificate_that_its_owner_has_disposed_is_a_failed_attempt_and_no_exception()
    {
        X509Certificate2 certificate = DeviceCertificate();
        await using var hub = new LoopbackHub("hub.localhost");
        var config = new DeviceConfig { HostName = "hub.localhost", DeviceId = "dev1", Certificate = certificate };
        using IotHubClientLL client = IotHubClientLL.Create(config, new HubClientOptions { Port = hub.Port, TrustedRootsPem = hub.RootPem });
        certificate.Dispose();
        ConnectionStatusChange? told = null;
        client.SetConnectionStatusCallback((change, _) => told ??= change);

        long start = TimeProvider.System.GetTimestamp();
        while (told is null && TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30))
        {
            client.DoWork();
        }

        Assert.Equal(ConnectionStatus.Unauthenticated, told?.Status);
        using X509Certificate2 renewed = DeviceCertificate();
        client.SetCredential(config with { Certificate = renewed });
        Connect(client);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task The_authorities_between_are_shown_along_with_the_certificate(bool byOption)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var request = new CertificateRequest("CN=authority between", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var rootRequest = new CertificateRequest("CN=root that the hub was given", rootKey, HashAlgorithmName.SHA256);
        rootRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 root = rootRequest.CreateSelfSigned(now.AddDays(-3), now.AddDays(3));
        using X509Certificate2 authorityBare = request.Create(root, now.AddDays(-2), now.AddDays(2), [9]);
        using X509Certificate2 authority = authorityBare.CopyWithPrivateKey(key);
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 bare = new CertificateRequest("CN=dev1", own, HashAlgorithmName.SHA256).Create(authority, now.AddDays(-1), now.AddDays(1), [1, 2, 3]);
        using X509Certificate2 certificate = bare.CopyWithPrivateKey(own);
        await using var hub = new LoopbackHub("hub.localhost");
        var options = new HubClientOptions { Port = hub.Port, TrustedRootsPem = hub.RootPem };
        using IotHubClientLL client = byOption
            ? IotHubClientLL.CreateFromConnectionString("HostName=hub.localhost;DeviceId=dev1;x509=true", options)
            : IotHubClientLL.Create(new DeviceConfig { HostName = "hub.localhost", DeviceId = "dev1", Certificate = certificate, CertificateChain = [authority] }, options);
        if (byOption)
        {
            Assert.Equal(IotHubClientResult.Ok, client.SetOption("x509certificate", certificate.ExportCertificatePem() + "\n" + authority.ExportCertificatePem()));
            Assert.Equal(IotHubClientResult.Ok, client.SetOption("x509privatekey", own.ExportPkcs8PrivateKeyPem()));
        }

        Connect(client);

        Assert.Equal(certificate.Thumbprint, hub.ClientCertificate?.GetCertHashString());
        Assert.Equal([authority.Thumbprint], hub.ClientAuthorities);
    }

    [Fact]
    public async Task A_security_module_signs_for_the_device()
    {
        await using var hub = new LoopbackHub("hub.localhost");
        var module = new SecurityModule();
        using IotHubClientLL client = IotHubClientLL.CreateFromDeviceAuth("hub.localhost", "dev1", module, new HubClientOptions { Port = hub.Port, TrustedRootsPem = hub.RootPem });

        Connect(client);

        Assert.StartsWith("hub.localhost/devices/dev1\n", Assert.Single(module.Signed), StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_string_with_x509_waits_for_its_certificate_and_says_so()
    {
        using IotHubClientLL client = IotHubClientLL.CreateFromConnectionString("HostName=hub.localhost;DeviceId=dev1;x509=true");
        ConnectionStatusChange? change = null;
        client.SetConnectionStatusCallback((told, _) => change = told);

        client.DoWork();

        Assert.Contains("certificate", change!.Value.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_hold_no_secret() =>
        Assert.DoesNotContain("c2VjcmV0", (Identity with { SharedAccessKey = "c2VjcmV0", SharedAccessSignature = "c2VjcmV0" }).ToString(), StringComparison.Ordinal);

    private static void Connect(IotHubClientLL client)
    {
        bool connected = false;
        client.SetConnectionStatusCallback((change, _) =>
        {
            connected = change.Status is ConnectionStatus.Authenticated;
            Assert.True(connected, change.Detail);
        });
        long start = TimeProvider.System.GetTimestamp();
        while (!connected)
        {
            client.DoWork();
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30), "not within the deadline");
        }
    }

    private static X509Certificate2 DeviceCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest("CN=dev1", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private sealed class SecurityModule : IDeviceAuthentication
    {
        public List<string> Signed { get; } = [];

        public byte[] SignHmacSha256(byte[] data)
        {
            Signed.Add(System.Text.Encoding.UTF8.GetString(data));
            return HMACSHA256.HashData("key"u8, data);
        }
    }
}
