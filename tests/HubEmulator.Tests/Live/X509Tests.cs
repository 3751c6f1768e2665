using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using MQTTnet;

namespace HubEmulator.Tests.Live;

/// <summary>Devices that authenticate with a certificate: wire contract, section 1.2.</summary>
public sealed class X509Tests : IDisposable
{
    private const string Id = "lamp";
    private readonly TestCertificates _certificates = new();
    private X509Certificate2? _issuer;

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [InlineData("primary SHA-256")]
    [InlineData("secondary SHA-1")]
    [InlineData("SHA-1 with colons in lower case")]
    public async Task A_device_is_let_in_by_the_thumbprint_of_its_certificate(string registered)
    {
        X509Certificate2 certificate = _certificates.SelfSigned("any name");
        string sha1 = certificate.GetCertHashString();
        string sha256 = certificate.GetCertHashString(HashAlgorithmName.SHA256);
        LocalDevice device = registered switch
        {
            "primary SHA-256" => new LocalDevice(Id) { Thumbprint = sha256 },
            "secondary SHA-1" => new LocalDevice(Id) { Thumbprint = new string('A', 64), SecondaryThumbprint = sha1 },
            _ => new LocalDevice(Id) { Thumbprint = string.Join(':', Convert.FromHexString(sha1).Select(one => one.ToString("x2", null))) },
        };
        await using TestHub hub = await TestHub.StartAsync(new LocalHubOptions { Devices = [device] });

        await using TestDevice connected = await TestDevice.ConnectAsync(hub.Options([certificate], Id).Build());
        await connected.PublishAsync($"devices/{Id}/messages/events/", "{}");

        Assert.Equal(
            """{"scope":"device","type":"x509","issuer":"external"}""",
            Assert.Single(hub.Hub.Telemetry.Snapshot()).Annotations["iothub-connection-auth-method"]);
        Assert.Equal($"HostName={hub.Hub.HostName};DeviceId={Id};x509=true", hub.Hub.DeviceConnectionString(Id));
    }

    [Fact]
    public async Task An_empty_password_is_no_token()
    {
        X509Certificate2 certificate = _certificates.SelfSigned(Id);
        await using TestHub hub = await StartAsync(certificate);

        await using TestDevice connected = await TestDevice.ConnectAsync(hub.Options([certificate], Id, token: "").Build());

        Assert.Equal(MqttClientConnectResultCode.Success, connected.Connected.ResultCode);
    }

    [Theory]
    [InlineData("another certificate")]
    [InlineData("an expired certificate")]
    [InlineData("no certificate")]
    [InlineData("a token beside the certificate")]
    [InlineData("a token of a policy")]
    [InlineData("a certificate for a device with a key")]
    public async Task What_does_not_open_the_device_is_refused_with_return_code_5(string fault)
    {
        X509Certificate2 certificate = _certificates.SelfSigned(Id, fault == "an expired certificate" ? TimeSpan.FromMinutes(-5) : null);
        await using TestHub hub = await StartAsync(certificate);
        MqttClientOptionsBuilder options = fault switch
        {
            "another certificate" => hub.Options([_certificates.SelfSigned(Id)], Id),
            "no certificate" => hub.Options([], Id),
            "a token beside the certificate" => hub.Options([certificate], Id, token: hub.DeviceToken(Id)),
            "a token of a policy" => hub.Options([], Id, token: hub.ServiceToken("iothubowner")),
            "a certificate for a device with a key" => hub.Options([certificate], TestHub.DeviceId),
            _ => hub.Options([certificate], Id),
        };

        Assert.Equal(MqttClientConnectResultCode.NotAuthorized, await TestDevice.RefusalAsync(options.Build()));
    }

    [Theory]
    [InlineData("the hub's own authority")]
    [InlineData("an authority of the options")]
    [InlineData("an intermediate one that the device sends")]
    [InlineData("an intermediate one of the options whose root nobody knows")]
    public async Task A_device_is_let_in_by_a_certificate_in_its_name_that_leads_to_an_authority(string issuer)
    {
        X509Certificate2 root = _certificates.Authority("root");
        X509Certificate2 middle = _certificates.Authority("middle", root);
        await using TestHub hub = await StartAsync(issuer.EndsWith("nobody knows", StringComparison.Ordinal) ? middle : root);
        X509Certificate2Collection presented = issuer switch
        {
            "the hub's own authority" => [_certificates.Load(DeviceCertificate.IssueByHub(Path.GetDirectoryName(hub.Hub.CaFile)!, Id, TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(1)))],
            "an authority of the options" => [_certificates.Issued(Id, root)],
            _ => [_certificates.Issued(Id, middle), middle],
        };

        await using RawConnection device = await RawConnection.OpenAsync(hub, presented);
        await device.SendAsync(Packets.Connect(hub.Hub.HostName, Id, token: ""));
        byte[] answer = await device.ReceiveAsync(4);

        Assert.Equal([0x20, 2, 0, 0], answer);
    }

    [Theory]
    [InlineData("another common name")]
    [InlineData("an unknown authority")]
    [InlineData("an unknown authority of the same name")]
    [InlineData("signed by itself")]
    [InlineData("expired")]
    [InlineData("issued by a device")]
    public async Task A_certificate_that_leads_nowhere_or_names_another_is_refused(string fault)
    {
        X509Certificate2 root = _certificates.Authority("root");
        await using TestHub hub = await StartAsync(root);
        X509Certificate2 certificate = fault switch
        {
            "another common name" => _certificates.Issued("other", root),
            "an unknown authority" => _certificates.Issued(Id, _certificates.Authority("stranger")),
            "an unknown authority of the same name" => _certificates.Issued(Id, _certificates.Authority("root")),
            "signed by itself" => _certificates.SelfSigned(Id),
            "expired" => _certificates.Issued(Id, root, TimeSpan.FromMinutes(-5)),
            _ => IssuedByDevice(root),
        };

        await using RawConnection device = await RawConnection.OpenAsync(hub, fault == "issued by a device" ? [certificate, _issuer!] : [certificate]);
        await device.SendAsync(Packets.Connect(hub.Hub.HostName, Id, token: ""));

        Assert.Equal([0x20, 2, 0, 5], await device.ReceiveToEndOfStreamAsync());
    }

    [Fact]
    public async Task The_web_socket_and_the_calls_of_devices_take_the_certificate_too()
    {
        X509Certificate2 certificate = _certificates.SelfSigned(Id);
        await using TestHub hub = await StartAsync(certificate);
        await using SocketConnection device = await SocketConnection.OpenAsync(hub, certificate: certificate);
        using HttpClient known = hub.HttpWith(certificate);
        using HttpClient stranger = hub.HttpWith(_certificates.SelfSigned(Id));

        await device.SendAsync(Packets.Connect(hub.Hub.HostName, Id, token: ""));
        byte[] answer = await device.ReceiveAsync(4);
        HttpStatusCode taken = await AskForUploadAsync(known, Id);
        HttpStatusCode refused = await AskForUploadAsync(stranger, Id);
        HttpStatusCode keyed = await AskForUploadAsync(known, TestHub.DeviceId);

        Assert.Equal([0x20, 2, 0, 0], answer);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (taken, refused, keyed));
    }

    [Fact]
    public async Task A_service_registers_a_certificate_rolls_it_and_cuts_off_the_old_one()
    {
        X509Certificate2 old = _certificates.SelfSigned("new-1");
        X509Certificate2 next = _certificates.SelfSigned("new-1");
        await using TestHub hub = await TestHub.StartAsync();

        (HttpStatusCode created, JsonNode? identity, _) = await hub.CallAsync(HttpMethod.Put, "/devices/new-1", Body(old.GetCertHashString()));
        await using TestDevice device = await TestDevice.ConnectAsync(hub.Options([old], "new-1").Build());
        (_, JsonNode? twin, _) = await hub.CallAsync(HttpMethod.Get, "/twins/new-1");
        (HttpStatusCode updated, _, _) = await hub.CallAsync(HttpMethod.Put, "/devices/new-1", Body(next.GetCertHashString(HashAlgorithmName.SHA256)), ifMatch: "*");
        await device.WhenLost();
        MqttClientConnectResultCode refused = await TestDevice.RefusalAsync(hub.Options([old], "new-1").Build());
        await using TestDevice again = await TestDevice.ConnectAsync(hub.Options([next], "new-1").Build());

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (created, updated));
        Assert.Equal("selfSigned", (string)identity!["authentication"]!["type"]!);
        Assert.Equal(old.GetCertHashString(), (string)identity["authentication"]!["x509Thumbprint"]!["primaryThumbprint"]!);
        Assert.Null(identity["authentication"]!["symmetricKey"]!["primaryKey"]);
        Assert.Equal(("selfSigned", old.GetCertHashString()), ((string)twin!["authenticationType"]!, (string)twin["x509Thumbprint"]!["primaryThumbprint"]!));
        Assert.Equal((MqttClientConnectResultCode.NotAuthorized, MqttClientConnectResultCode.Success), (refused, again.Connected.ResultCode));
    }

    [Theory]
    [InlineData("""{"authentication":{"type":"selfSigned"}}""", "x509Thumbprint")]
    [InlineData("""{"authentication":{"type":"selfSigned","x509Thumbprint":{"primaryThumbprint":"ABCD"}}}""", "x509Thumbprint")]
    [InlineData("""{"authentication":{"type":"tpm"}}""", "authentication.type")]
    [InlineData("""{"authentication":7}""", "authentication")]
    public async Task What_is_no_authentication_is_refused_by_name(string body, string named)
    {
        await using TestHub hub = await TestHub.StartAsync();

        (HttpStatusCode status, JsonNode? error, _) = await hub.CallAsync(HttpMethod.Put, "/devices/new-1", body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(named, (string)error!["Message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificates_are_remembered_and_an_option_may_take_their_place()
    {
        string folder = Directory.CreateTempSubdirectory("hub-tests-").FullName;
        X509Certificate2 certificate = _certificates.SelfSigned(Id);
        string thumbprint = certificate.GetCertHashString();
        try
        {
            await (await TestHub.StartAsync(new LocalHubOptions { DataFolder = folder, Devices = [new LocalDevice(Id) { Thumbprint = thumbprint }] })).DisposeAsync();

            await using (TestHub remembering = await TestHub.StartAsync(new LocalHubOptions { DataFolder = folder, Devices = [new LocalDevice(Id)] }))
            {
                await using TestDevice device = await TestDevice.ConnectAsync(remembering.Options([certificate], Id).Build());
                Assert.Equal(MqttClientConnectResultCode.Success, device.Connected.ResultCode);
            }

            await using TestHub keyed = await TestHub.StartAsync(new LocalHubOptions { DataFolder = folder, Devices = [new LocalDevice(Id, TestHub.Key)] });
            await using TestDevice withKey = await TestDevice.ConnectAsync(keyed.Options(Id).Build());
            Assert.Equal(MqttClientConnectResultCode.Success, withKey.Connected.ResultCode);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Options_that_contradict_each_other_are_refused()
    {
        LocalHubException both = await Assert.ThrowsAsync<LocalHubException>(
            () => TestHub.StartAsync(new LocalHubOptions { Devices = [new LocalDevice(Id, TestHub.Key) { IsSignedByAuthority = true }] }));
        LocalHubException shortOne = await Assert.ThrowsAsync<LocalHubException>(
            () => TestHub.StartAsync(new LocalHubOptions { Devices = [new LocalDevice(Id) { Thumbprint = "abc" }] }));
        LocalHubException noAuthority = await Assert.ThrowsAsync<LocalHubException>(
            () => TestHub.StartAsync(new LocalHubOptions { DeviceAuthorities = [_certificates.SelfSigned("x")] }));

        Assert.Contains(Id, both.Message, StringComparison.Ordinal);
        Assert.Contains("thumbprint", shortOne.Message, StringComparison.Ordinal);
        Assert.Contains("CA:TRUE", noAuthority.Message, StringComparison.Ordinal);
    }

    private static string Body(string thumbprint) => new JsonObject
    {
        ["deviceId"] = "new-1",
        ["authentication"] = new JsonObject { ["type"] = "selfSigned", ["x509Thumbprint"] = new JsonObject { ["primaryThumbprint"] = thumbprint, ["secondaryThumbprint"] = "" } },
    }.ToJsonString();

    private static Task<TestHub> StartAsync(X509Certificate2 certificate)
    {
        bool isAuthority = certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority;
        LocalDevice device = isAuthority ? new LocalDevice(Id) { IsSignedByAuthority = true } : new LocalDevice(Id) { Thumbprint = certificate.GetCertHashString() };
        return TestHub.StartAsync(new LocalHubOptions { Devices = [device, new LocalDevice(TestHub.DeviceId, TestHub.Key)], DeviceAuthorities = isAuthority ? [certificate] : [] });
    }

    private static async Task<HttpStatusCode> AskForUploadAsync(HttpClient client, string deviceId)
    {
        using var body = new StringContent("""{"blobName":"log.txt"}""");
        using HttpResponseMessage answer = await client.PostAsync(new Uri($"/devices/{deviceId}/files?api-version=2021-04-12", UriKind.Relative), body, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    /// <summary>Signed with the key of an ordinary certificate, which may issue nothing.</summary>
    private X509Certificate2 IssuedByDevice(X509Certificate2 root)
    {
        X509Certificate2 device = _certificates.Issued("root", root);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName($"CN={Id}"), key, HashAlgorithmName.SHA256);
        using ECDsa signer = device.GetECDsaPrivateKey()!;
        using X509Certificate2 forged = request.Create(
            device.SubjectName, X509SignatureGenerator.CreateForECDsa(signer), device.NotBefore.AddSeconds(1), device.NotAfter.AddSeconds(-1), RandomNumberGenerator.GetBytes(8));
        _issuer = device;
        return _certificates.Load(new DeviceCertificate(forged.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem()));
    }
}
