using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HubEmulator;

namespace Node.HubClient.Tests.Interop;

/// <summary>Certificates against the hub emulator, which shares no code with the client.</summary>
public sealed class LocalHubCertificateTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly List<X509Certificate2> _made = [];
    private readonly List<ConnectionStatusChange> _statuses = [];

    public void Dispose() => _made.ForEach(one => one.Dispose());

    [Theory]
    [InlineData(HubProtocol.Mqtt, false)]
    [InlineData(HubProtocol.MqttWebSocket, false)]
    [InlineData(HubProtocol.Mqtt, true)]
    public async Task A_certificate_that_signed_itself_opens_its_device_sends_and_uploads(HubProtocol protocol, bool byOption)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        X509Certificate2 certificate = Made("dev1", key, null);
        await using LocalHub hub = await Start(new LocalDevice("dev1") { Thumbprint = certificate.GetCertHashString(HashAlgorithmName.SHA256) });
        HubClientOptions options = OptionsOf(hub) with { Protocol = protocol };
        using IotHubClientLL client = Watched(byOption
            ? IotHubClientLL.CreateFromConnectionString(hub.DeviceConnectionString("dev1"), options)
            : IotHubClientLL.Create(new DeviceConfig { HostName = hub.HostName, DeviceId = "dev1", Certificate = certificate }, options));
        if (byOption)
        {
            Assert.Equal(IotHubClientResult.Ok, client.SetOption("x509certificate", certificate.ExportCertificatePem()));
            Assert.Equal(IotHubClientResult.Ok, client.SetOption("x509privatekey", key.ExportPkcs8PrivateKeyPem()));
        }

        Task<SendConfirmation> sent = client.SendEventAsync(new TelemetryMessage(new byte[10]), cancellationToken: TestContext.Current.CancellationToken);
        Work(client, () => sent.IsCompleted);
        Task<FileUpload> upload = client.UploadToBlobAsync("x", new byte[10], cancellationToken: TestContext.Current.CancellationToken);
        Work(client, () => upload.IsCompleted);

        Assert.Equal(SendConfirmation.Ok, await sent);
        Assert.Equal(FileUploadResult.Ok, (await upload).Result);
        Assert.Equal(ConnectionStatus.Authenticated, Assert.Single(_statuses).Status);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_device_below_an_intermediate_authority_is_let_in_when_it_shows_that_one_too(bool shows)
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var middleKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        X509Certificate2 root = Made("root", rootKey, null, isAuthority: true);
        X509Certificate2 middle = Made("middle", middleKey, root, isAuthority: true);
        X509Certificate2 certificate = Made("dev1", key, middle);
        await using LocalHub hub = await Start(new LocalDevice("dev1") { IsSignedByAuthority = true }, root);

        using IotHubClientLL client = Watched(IotHubClientLL.Create(
            new DeviceConfig { HostName = hub.HostName, DeviceId = "dev1", Certificate = certificate, CertificateChain = shows ? [middle] : null }, OptionsOf(hub)));
        Work(client, () => _statuses.Count > 0);

        Assert.Equal((shows ? ConnectionStatus.Authenticated : ConnectionStatus.Unauthenticated, (int?)(shows ? 0 : 5)), (_statuses[0].Status, _statuses[0].RawCode));
    }

    [Fact]
    public async Task A_renewed_certificate_takes_over_at_run_time_and_nothing_is_lost_or_repeated()
    {
        using var oldKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var newKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        X509Certificate2 old = Made("dev1", oldKey, null);
        X509Certificate2 renewed = Made("dev1", newKey, null);
        await using LocalHub hub = await Start(new LocalDevice("dev1") { Thumbprint = old.GetCertHashString(), SecondaryThumbprint = renewed.GetCertHashString() });
        var identity = new DeviceConfig { HostName = hub.HostName, DeviceId = "dev1", Certificate = old };
        using IotHubClientLL client = Watched(IotHubClientLL.Create(identity, OptionsOf(hub)));
        int confirmed = 0;
        for (int number = 0; number < 1_000; number++)
        {
            if (number == 500)
            {
                client.SetCredential(identity with { Certificate = renewed });
            }

            client.SendEvent(new TelemetryMessage(new byte[10]) { MessageId = $"{number}" }, (result, _) => confirmed += result is SendConfirmation.Ok ? 1 : 0);
            client.DoWork();
        }

        Work(client, () => confirmed == 1_000);

        Assert.Equal(Enumerable.Range(0, 1_000).Select(number => $"{number}"), hub.Telemetry.Snapshot().Select(message => message.MessageId));
        Assert.Equal([ConnectionStatusReason.Ok, ConnectionStatusReason.ExpiredSasToken, ConnectionStatusReason.Ok], _statuses.Select(change => change.Reason));
    }

    [Fact]
    public async Task A_certificate_that_the_hub_does_not_know_is_refused_and_said_so()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        X509Certificate2 certificate = Made("dev1", key, null);
        await using LocalHub hub = await Start(new LocalDevice("dev1") { Thumbprint = new string('A', 40) });

        using IotHubClientLL client = Watched(IotHubClientLL.Create(new DeviceConfig { HostName = hub.HostName, DeviceId = "dev1", Certificate = certificate }, OptionsOf(hub)));
        Work(client, () => _statuses.Count > 0);

        Assert.Equal((ConnectionStatusReason.BadCredential, (int?)5), (_statuses[0].Reason, _statuses[0].RawCode));
    }

    [Theory]
    [InlineData("single", HubProtocol.Mqtt)]
    [InlineData("single", HubProtocol.MqttWebSocket)]
    [InlineData("group", HubProtocol.Mqtt)]
    [InlineData("group below an intermediate authority", HubProtocol.Mqtt)]
    public async Task A_certificate_registers_and_opens_the_hub_that_it_was_given(string enrolment, HubProtocol protocol)
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var middleKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        X509Certificate2 root = Made("root", rootKey, null, isAuthority: true);
        X509Certificate2 middle = Made("middle", middleKey, root, isAuthority: true);
        X509Certificate2 certificate = Made("sn-007", key, enrolment == "single" ? null : enrolment == "group" ? root : middle);
        await using LocalHub hub = await LocalHub.StartAsync(
            enrolment == "single"
                ? new LocalHubOptions { Enrolments = [new LocalEnrolment("sn-007") { CertificatePem = certificate.ExportCertificatePem() }] }
                : new LocalHubOptions { CertificateGroups = new Dictionary<string, string> { ["line"] = root.ExportCertificatePem() } },
            TestContext.Current.CancellationToken);
        HubClientOptions options = OptionsOf(hub) with { Protocol = protocol };

        DpsResult result = Register(
            new DpsConfig
            {
                HostName = hub.HostName,
                IdScope = hub.IdScope,
                RegistrationId = "sn-007",
                Certificate = certificate,
                CertificateChain = enrolment.EndsWith("authority", StringComparison.Ordinal) ? [middle] : null,
            },
            options);
        Assert.Equal((DpsStatus.Assigned, "sn-007"), (result.Status, result.DeviceId));
        using IotHubClientLL client = Watched(IotHubClientLL.Create(result.ToDeviceConfig(), options));
        Task<SendConfirmation> sent = client.SendEventAsync(new TelemetryMessage(new byte[10]), cancellationToken: TestContext.Current.CancellationToken);
        Work(client, () => sent.IsCompleted);

        Assert.Equal(SendConfirmation.Ok, await sent);
    }

    [Fact]
    public async Task A_certificate_in_another_name_than_the_registration_is_refused_and_said_so()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        X509Certificate2 certificate = Made("somebody-else", key, null);
        await using LocalHub hub = await LocalHub.StartAsync(new LocalHubOptions(), TestContext.Current.CancellationToken);

        DpsResult result = Register(new DpsConfig { HostName = hub.HostName, IdScope = hub.IdScope, RegistrationId = "sn-007", Certificate = certificate }, OptionsOf(hub));

        Assert.Equal(DpsStatus.Refused, result.Status);
        Assert.Contains("common name", result.Detail, StringComparison.Ordinal);
    }

    private static DpsResult Register(DpsConfig config, HubClientOptions options)
    {
        using DpsClient client = DpsClient.Create(config, options);
        DpsResult? result = null;
        client.Register((ended, _) => result = ended);
        long start = TimeProvider.System.GetTimestamp();
        while (result is null)
        {
            client.DoWork();
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Deadline, "not within the deadline");
        }

        return result;
    }

    private static Task<LocalHub> Start(LocalDevice device, params X509Certificate2[] authorities) =>
        LocalHub.StartAsync(new LocalHubOptions { Devices = [device], DeviceAuthorities = authorities }, TestContext.Current.CancellationToken);

    private static HubClientOptions OptionsOf(LocalHub hub) => new() { Port = hub.MqttPort, HttpsPort = hub.HttpsPort, TrustedRootsPem = File.ReadAllText(hub.CaFile) };

    private static void Work(IotHubClientLL client, Func<bool> until)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!until())
        {
            client.DoWork();
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Deadline, "not within the deadline");
        }
    }

    private X509Certificate2 Made(string name, ECDsa key, X509Certificate2? above, bool isAuthority = false)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using X509Certificate2? issued = above is null ? null : request.Create(above, now.AddDays(-1), now.AddDays(1), RandomNumberGenerator.GetBytes(12));
        X509Certificate2 certificate = issued?.CopyWithPrivateKey(key) ?? request.CreateSelfSigned(now.AddDays(-2), now.AddDays(2));
        _made.Add(certificate);
        return certificate;
    }

    private IotHubClientLL Watched(IotHubClientLL client)
    {
        client.SetConnectionStatusCallback((change, _) => _statuses.Add(change));
        return client;
    }
}
