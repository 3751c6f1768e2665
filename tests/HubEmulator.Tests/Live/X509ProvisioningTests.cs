using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using MQTTnet;

namespace HubEmulator.Tests.Live;

/// <summary>Devices that come by their hub with a certificate.</summary>
public sealed class X509ProvisioningTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task A_device_of_a_group_registers_and_connects_with_the_certificate_that_the_groups_authority_signed()
    {
        X509Certificate2 root = _certificates.Authority("root");
        await using TestHub hub = await TestHub.StartAsync(new LocalHubOptions
        {
            CertificateGroups = new Dictionary<string, string> { ["other"] = _certificates.Authority("other").ExportCertificatePem(), ["line"] = root.ExportCertificatePem() },
        });
        X509Certificate2 certificate = _certificates.Issued(Registrar.Id, root);
        await using Registrar registrar = await Registrar.ConnectAsync(hub, certificate);

        JsonNode state = (await registrar.RegisterToTheEndAsync())["registrationState"]!;
        await using TestDevice device = await TestDevice.ConnectAsync(hub.Options([certificate], Registrar.Id).Build());
        (_, JsonNode? identity, _) = await hub.CallAsync(HttpMethod.Get, $"/devices/{Registrar.Id}");

        Assert.Equal(("assigned", Registrar.Id, "line"), ((string)state["status"]!, (string)state["deviceId"]!, (string)state["x509"]!["enrollmentGroupId"]!));
        Assert.Null(state["symmetricKey"]);
        Assert.Equal(MqttClientConnectResultCode.Success, device.Connected.ResultCode);
        Assert.Equal(
            ("selfSigned", certificate.GetCertHashString(HashAlgorithmName.SHA256)),
            ((string)identity!["authentication"]!["type"]!, (string)identity["authentication"]!["x509Thumbprint"]!["primaryThumbprint"]!));
    }

    [Fact]
    public async Task A_single_device_registers_with_its_own_certificate_and_a_new_one_takes_the_place_of_the_old()
    {
        X509Certificate2 old = _certificates.SelfSigned("SN-007");
        X509Certificate2 next = _certificates.SelfSigned("sn-007");
        await using TestHub hub = await TestHub.StartAsync(new LocalHubOptions
        {
            Enrolments = [new LocalEnrolment("sn-007") { CertificatePem = old.ExportCertificatePem(), DeviceId = "Cellar", Payload = """{"a":1}""" }],
        });
        await using Registrar first = await Registrar.ConnectAsync(hub, old);
        JsonNode state = (await first.RegisterToTheEndAsync())["registrationState"]!;

        (HttpStatusCode replaced, JsonNode? enrolment, _) = await hub.CallAsync(HttpMethod.Put, "/enrollments/sn-007", Body("clientCertificates", next, "Cellar"), ifMatch: "*");
        await using Registrar second = await Registrar.ConnectAsync(hub, next);
        JsonNode again = (await second.RegisterToTheEndAsync())["registrationState"]!;
        MqttClientConnectResultCode refused = await TestDevice.RefusalAsync(hub.Options([old], "Cellar").Build());
        await using TestDevice device = await TestDevice.ConnectAsync(hub.Options([next], "Cellar").Build());

        Assert.Equal(("Cellar", """{"a":1}"""), ((string)state["deviceId"]!, state["payload"]!.ToJsonString()));
        Assert.Equal("{}", state["x509"]!.ToJsonString());
        Assert.Equal(HttpStatusCode.OK, replaced);
        JsonNode described = enrolment!["attestation"]!["x509"]!["clientCertificates"]!["primary"]!["info"]!;
        Assert.Equal((next.Subject, next.GetCertHashString()), ((string)described["subjectName"]!, (string)described["sha1Thumbprint"]!));
        Assert.Equal("Cellar", (string)again["deviceId"]!);
        Assert.Equal((MqttClientConnectResultCode.NotAuthorized, MqttClientConnectResultCode.Success), (refused, device.Connected.ResultCode));
    }

    [Theory]
    [InlineData("another name")]
    [InlineData("no certificate")]
    public async Task Who_cannot_be_the_device_is_refused_at_CONNECT(string fault)
    {
        X509Certificate2 root = _certificates.Authority("root");
        await using TestHub hub = await TestHub.StartAsync(new LocalHubOptions { CertificateGroups = new Dictionary<string, string> { ["line"] = root.ExportCertificatePem() } });
        MqttClientOptions options = fault == "another name"
            ? Registrar.OptionsWith(hub, _certificates.Issued("sn-008", root))
            : hub.Options([], Registrar.Id, userName: $"{hub.Hub.IdScope}/registrations/{Registrar.Id}/api-version=2019-03-31").Build();

        Assert.Equal(MqttClientConnectResultCode.NotAuthorized, await TestDevice.RefusalAsync(options));
    }

    [Theory]
    [InlineData("a stranger's certificate")]
    [InlineData("an expired certificate")]
    [InlineData("a disabled group")]
    [InlineData("a group with a key")]
    [InlineData("an enrolment of its own with another certificate")]
    public async Task Who_is_not_enrolled_hears_it_in_the_answer(string fault)
    {
        X509Certificate2 root = _certificates.Authority("root");
        var groups = new Dictionary<string, string> { ["line"] = root.ExportCertificatePem() };
        await using TestHub hub = await TestHub.StartAsync(fault == "a group with a key" ? Registrar.Options : new LocalHubOptions
        {
            CertificateGroups = groups,
            Enrolments = fault.StartsWith("an enrolment", StringComparison.Ordinal) ? [new LocalEnrolment(Registrar.Id) { CertificatePem = _certificates.SelfSigned(Registrar.Id).ExportCertificatePem() }] : [],
        });
        if (fault == "a disabled group")
        {
            await hub.CallAsync(HttpMethod.Put, "/enrollmentGroups/line", """{"attestation":{"type":"x509"},"provisioningStatus":"disabled"}""", ifMatch: "*");
        }

        X509Certificate2 certificate = fault switch
        {
            "a stranger's certificate" => _certificates.Issued(Registrar.Id, _certificates.Authority("root")),
            "an expired certificate" => _certificates.Issued(Registrar.Id, root, TimeSpan.FromMinutes(-5)),
            _ => _certificates.Issued(Registrar.Id, root),
        };
        await using Registrar registrar = await Registrar.ConnectAsync(hub, certificate);

        (string topic, JsonNode error) = await registrar.RegisterAsync();

        Assert.StartsWith("401/", topic, StringComparison.Ordinal);
        Assert.Equal(401002, (int)error["errorCode"]!);
        Assert.Empty(hub.Hub.DeviceIds);
    }

    [Fact]
    public async Task A_disabled_enrolment_of_one_device_ends_as_disabled()
    {
        X509Certificate2 certificate = _certificates.SelfSigned(Registrar.Id);
        await using TestHub hub = await TestHub.StartAsync(new LocalHubOptions { Enrolments = [new LocalEnrolment(Registrar.Id) { CertificatePem = certificate.ExportCertificatePem(), Enabled = false }] });
        await using Registrar registrar = await Registrar.ConnectAsync(hub, certificate);

        JsonNode final = await registrar.RegisterToTheEndAsync();

        Assert.Equal("disabled", (string)final["status"]!);
    }

    [Fact]
    public async Task Over_HTTPS_the_certificate_opens_the_same_and_a_group_with_a_certificate_takes_no_token()
    {
        X509Certificate2 root = _certificates.Authority("root");
        await using TestHub hub = await TestHub.StartAsync();
        (HttpStatusCode enrolled, JsonNode? group, _) = await hub.CallAsync(HttpMethod.Put, "/enrollmentGroups/line", Body("signingCertificates", root, null));
        hub.Hub.Provisioning.PendingAnswers = 0;
        using HttpClient known = hub.HttpWith(_certificates.Issued(Registrar.Id, root));
        using HttpClient other = hub.HttpWith(_certificates.Issued("sn-008", root));
        string emptyKey = Convert.ToBase64String(HMACSHA256.HashData((byte[])[], System.Text.Encoding.UTF8.GetBytes(Registrar.Id))); // what a group without a key would derive

        HttpStatusCode misnamed = await RegisterAsync(hub, other, null);
        HttpStatusCode withToken = await RegisterAsync(hub, hub.Http, Registrar.Token(hub, Registrar.Id, emptyKey));
        HttpStatusCode registered = await RegisterAsync(hub, known, null);

        Assert.Equal(HttpStatusCode.OK, enrolled);
        Assert.Equal(root.Subject, (string)group!["attestation"]!["x509"]!["signingCertificates"]!["primary"]!["info"]!["subjectName"]!);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.OK), (misnamed, withToken, registered));
        Assert.Equal([Registrar.Id], hub.Hub.DeviceIds);
    }

    [Fact]
    public async Task Enrolments_with_certificates_are_remembered()
    {
        string folder = Directory.CreateTempSubdirectory("hub-tests-").FullName;
        X509Certificate2 root = _certificates.Authority("root");
        try
        {
            var options = new LocalHubOptions { DataFolder = folder, CertificateGroups = new Dictionary<string, string> { ["line"] = root.ExportCertificatePem() } };
            await (await TestHub.StartAsync(options)).DisposeAsync();
            await using TestHub hub = await TestHub.StartAsync(new LocalHubOptions { DataFolder = folder });
            await using Registrar registrar = await Registrar.ConnectAsync(hub, _certificates.Issued(Registrar.Id, root));

            JsonNode final = await registrar.RegisterToTheEndAsync();

            Assert.Equal("assigned", (string)final["status"]!);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Body(string name, X509Certificate2 certificate, string? deviceId) => new JsonObject
    {
        ["deviceId"] = deviceId,
        ["attestation"] = new JsonObject
        {
            ["type"] = "x509",
            ["x509"] = new JsonObject { [name] = new JsonObject { ["primary"] = new JsonObject { ["certificate"] = Convert.ToBase64String(certificate.RawData) } } },
        },
    }.ToJsonString();

    private static async Task<HttpStatusCode> RegisterAsync(TestHub hub, HttpClient client, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/{hub.Hub.IdScope}/registrations/{Registrar.Id}/register?api-version=2019-03-31");
        _ = token is null || request.Headers.TryAddWithoutValidation("Authorization", token);
        using HttpResponseMessage answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
