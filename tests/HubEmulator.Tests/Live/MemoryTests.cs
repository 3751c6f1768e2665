using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace HubEmulator.Tests.Live;

/// <summary>What a hub remembers in its data folder, and how it refuses to start.</summary>
public sealed class MemoryTests : IDisposable
{
    private static readonly BlobStorage Outside = new() { Endpoint = "host:10000/account", AccountName = "account", AccountKey = TestHub.Key };

    private readonly string _folder = Directory.CreateTempSubdirectory("hub-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_hub_started_again_knows_keys_devices_twins_sessions_and_its_authority()
    {
        string authority;
        string service;
        string second;
        await using (TestHub before = await TestHub.StartAsync(Options()))
        {
            await using TestDevice device = await before.ConnectAsync();
            await device.SubscribeAsync("$iothub/twin/res/#");
            await device.PublishAsync("$iothub/twin/PATCH/properties/reported/?$rid=1", """{"a":{"b":1}}""");
            await before.CallAsync(HttpMethod.Patch, "/twins/dev-01", """{"properties":{"desired":{"x":2}},"tags":{"t":3}}""");
            authority = await File.ReadAllTextAsync(before.Hub.CaFile, TestContext.Current.CancellationToken);
            service = before.Hub.ServiceConnectionString;
            second = before.Hub.DeviceConnectionString("dev-02");
        }

        await using TestHub after = await TestHub.StartAsync(new LocalHubOptions { DataFolder = _folder });
        await using TestDevice again = await after.ConnectAsync();
        (_, JsonNode? twin, _) = await after.CallAsync(HttpMethod.Get, "/twins/dev-01");

        Assert.Equal(authority, await File.ReadAllTextAsync(after.Hub.CaFile, TestContext.Current.CancellationToken));
        Assert.Equal(service, after.Hub.ServiceConnectionString);
        Assert.Equal(second, after.Hub.DeviceConnectionString("dev-02"));
        Assert.True(again.Connected.IsSessionPresent);
        Assert.Equal(1, (int)twin!["properties"]!["reported"]!["a"]!["b"]!);
        Assert.Equal(2, (int)twin["properties"]!["desired"]!["x"]!);
        Assert.Equal(2, (int)twin["properties"]!["desired"]!["$metadata"]!["x"]!["$lastUpdatedVersion"]!);
        Assert.Equal(3, (int)twin["tags"]!["t"]!);
        Assert.Equal(4, (int)twin["version"]!);
        Assert.Equal("AAAAAAAAAAI=", (string)twin["etag"]!);
    }

    [Fact]
    public async Task The_hub_file_tells_a_program_all_it_needs_and_secrets_are_their_owners()
    {
        await using TestHub hub = await TestHub.StartAsync(Options());

        string text = await File.ReadAllTextAsync(hub.Hub.HubFile, TestContext.Current.CancellationToken);
        JsonNode file = JsonNode.Parse(text)!;

        Assert.Contains(hub.Hub.ServiceConnectionString, text, StringComparison.Ordinal); // unescaped, so that it can be copied
        Assert.Equal(Path.Combine(_folder, "hub.json"), hub.Hub.HubFile);
        Assert.Equal(hub.Hub.HostName, (string)file["hostName"]!);
        Assert.Equal(hub.Hub.MqttPort, (int)file["mqttPort"]!);
        Assert.Equal(hub.Hub.HttpsPort, (int)file["httpsPort"]!);
        Assert.Equal(hub.Hub.AmqpPort, (int)file["amqpPort"]!);
        Assert.Equal(Path.Combine(_folder, "ca.pem"), (string)file["caFile"]!);
        Assert.Equal(hub.Hub.ServiceConnectionString, (string)file["serviceConnectionString"]!);
        Assert.Equal($"HostName=hub.localhost;DeviceId=dev-01;SharedAccessKey={TestHub.Key}", (string)file["devices"]!["dev-01"]!);
        Assert.Equal((hub.Hub.HostName, hub.Hub.MqttPort, "0ne00000000"), ((string)file["dps"]!["hostName"]!, (int)file["dps"]!["mqttPort"]!, (string)file["dps"]!["idScope"]!));
        foreach (string name in OperatingSystem.IsWindows() ? [] : new[] { "hub.json", "hub.db", "ca-key.pem" })
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(Path.Combine(_folder, name)).UnixFileMode);
        }
    }

    [Fact]
    public async Task A_hub_started_again_knows_who_is_enrolled_and_how_far_each_registration_has_got()
    {
        LocalHubOptions options = Registrar.Options with { DataFolder = _folder, Enrolments = [new LocalEnrolment("sn-008", TestHub.Key) { DeviceId = "other", Payload = "1" }] };
        JsonNode operation;
        await using (TestHub before = await TestHub.StartAsync(options))
        {
            await using Registrar registrar = await Registrar.ConnectAsync(before);
            (_, operation) = await registrar.RegisterAsync();
        }

        await using TestHub after = await TestHub.StartAsync(new LocalHubOptions { DataFolder = _folder, IdScope = options.IdScope });
        await using Registrar first = await Registrar.ConnectAsync(after);
        await using Registrar second = await Registrar.ConnectAsync(after, "sn-008", TestHub.Key);
        (string topic, JsonNode final) = await first.PollAsync(operation);
        JsonNode own = (await second.RegisterToTheEndAsync())["registrationState"]!;

        Assert.Equal("200/?$rid=1", topic);
        Assert.Equal("assigned", (string?)final["status"]);
        Assert.Equal(("other", 1), ((string?)own["deviceId"], (int)own["payload"]!));
    }

    [Fact]
    public async Task A_state_file_from_before_the_database_is_taken_over_once()
    {
        string path = Path.Combine(_folder, "state.json");
        const string Former = """
            {"version":1,"policies":{"iothubowner":{"primary":"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=","secondary":"MTEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="}},
             "devices":[{"id":"old","generationId":"7","keys":{"primary":"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=","secondary":"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="},"enabled":true,
                "statusReason":null,"statusUpdated":null,"revision":3,"subscriptions":null,
                "twin":{"tags":{"t":1},"version":5,"revision":2,"desired":{"x":4},"desiredMetadata":{},"desiredVersion":2,"reported":{},"reportedMetadata":{},"reportedVersion":1}}]}
            """;
        await File.WriteAllTextAsync(path, Former, TestContext.Current.CancellationToken);
        await using (TestHub first = await TestHub.StartAsync(new LocalHubOptions { DataFolder = _folder }))
        {
            Assert.EndsWith(TestHub.Key, first.Hub.ServiceConnectionString, StringComparison.Ordinal);
            Assert.Equal(["old"], first.Hub.DeviceIds);
            await first.CallAsync(HttpMethod.Patch, "/twins/old", """{"properties":{"desired":{"x":5}}}""");
        }

        await using TestHub second = await TestHub.StartAsync(new LocalHubOptions { DataFolder = _folder });
        (_, JsonNode? twin, _) = await second.CallAsync(HttpMethod.Get, "/twins/old");

        Assert.Equal(5, (int)twin!["properties"]!["desired"]!["x"]!);
        Assert.False(File.Exists(path));
        Assert.Equal(Former, await File.ReadAllTextAsync(path + ".imported", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_data_folder_has_one_hub_at_a_time()
    {
        await using (TestHub first = await TestHub.StartAsync(Options()))
        {
            LocalHubException refused = await Assert.ThrowsAsync<LocalHubException>(() => TestHub.StartAsync(Options()));

            Assert.Equal(LocalHubFault.DataFolderUnusable, refused.Fault);
            Assert.Contains("another hub uses this folder", refused.Message, StringComparison.Ordinal);
        }

        await using TestHub second = await TestHub.StartAsync(Options());

        Assert.Equal(["dev-01", "dev-02"], second.Hub.DeviceIds);
    }

    [Fact]
    public async Task A_hub_without_a_data_folder_writes_no_database()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await hub.CallAsync(HttpMethod.Patch, "/twins/dev-01", """{"properties":{"desired":{"x":5}}}""");

        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(hub.Hub.CaFile)!, "hub.db*"));
    }

    [Fact]
    public async Task What_a_service_deleted_stays_deleted()
    {
        await using (TestHub before = await TestHub.StartAsync(Options()))
        {
            await before.CallAsync(HttpMethod.Put, "/devices/dev-01/modules/m", """{"deviceId":"dev-01","moduleId":"m"}""");
            await before.CallAsync(HttpMethod.Delete, "/devices/dev-01", ifMatch: "*");
        }

        await using TestHub after = await TestHub.StartAsync(new LocalHubOptions { DataFolder = _folder });
        (System.Net.HttpStatusCode status, _, _) = await after.CallAsync(HttpMethod.Get, "/devices/dev-01/modules/m");

        Assert.Equal(["dev-02"], after.Hub.DeviceIds);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, status);
    }

    [Fact]
    public async Task A_temporary_folder_goes_with_its_hub()
    {
        string folder;
        await using (TestHub hub = await TestHub.StartAsync())
        {
            folder = Path.GetDirectoryName(hub.Hub.CaFile)!;
            Assert.True(Directory.Exists(folder));
        }

        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_a_clear_error_and_leaves_nothing_behind()
    {
        await using TestHub first = await TestHub.StartAsync();

        LocalHubException refused = await Assert.ThrowsAsync<LocalHubException>(() => TestHub.StartAsync(new LocalHubOptions { MqttPort = first.Hub.MqttPort }));

        Assert.Equal(LocalHubFault.PortInUse, refused.Fault);
        Assert.Contains($"{first.Hub.MqttPort}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exact_port_is_taken_and_free_again_afterwards()
    {
        int port;
        await using (TestHub first = await TestHub.StartAsync())
        {
            port = first.Hub.MqttPort;
        }

        await using TestHub second = await TestHub.StartAsync(new LocalHubOptions { MqttPort = port, Devices = [new LocalDevice("dev-01", TestHub.Key)] });
        await using TestDevice device = await second.ConnectAsync();

        Assert.Equal(port, second.Hub.MqttPort);
    }

    [Theory]
    [InlineData("state.json", "{")]
    [InlineData("state.json", """{"version":1}""")]
    [InlineData("state.json", """{"version":2,"policies":{},"devices":[]}""")]
    [InlineData("hub.db", "no database, and long enough to be more than the header of one would be, which has a hundred bytes")]
    [InlineData("ca.pem", "no certificate")]
    public async Task A_damaged_file_is_named_with_a_remedy(string name, string content)
    {
        await using (await TestHub.StartAsync(Options()))
        {
        }

        File.Delete(Path.Combine(_folder, name == "state.json" ? "hub.db" : name)); // the former file counts where there is no database
        await File.WriteAllTextAsync(Path.Combine(_folder, name), content, TestContext.Current.CancellationToken);

        LocalHubException refused = await Assert.ThrowsAsync<LocalHubException>(() => TestHub.StartAsync(Options()));

        Assert.Equal(LocalHubFault.DataFolderUnusable, refused.Fault);
        Assert.Contains(Path.Combine(_folder, name), refused.Message, StringComparison.Ordinal);
        Assert.Contains("Delete", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_out_of_range_are_refused()
    {
        LocalHubOptions[] wrong =
        [
            new() { HostName = "nodot" }, new() { HostName = "a b.c" }, new() { MqttPort = -1 }, new() { HttpsPort = 65_536 }, new() { MqttPort = 5000, HttpsPort = 5000 },
            new() { UploadTokenLifetime = TimeSpan.FromSeconds(59) }, new() { UploadTokenLifetime = TimeSpan.FromHours(25) },
            new() { BlobStorage = Outside with { Endpoint = "https://host" } }, new() { BlobStorage = Outside with { Endpoint = "" } }, new() { BlobStorage = Outside with { Endpoint = "host/" } },
            new() { BlobStorage = Outside with { AccountName = "" } }, new() { BlobStorage = Outside with { AccountKey = "?" } }, new() { BlobStorage = Outside with { Container = "Logs" } },
            new() { Devices = [new LocalDevice("a b")] }, new() { Devices = [new LocalDevice("")] }, new() { Devices = [new LocalDevice("a", "short")] },
            new() { IdScope = "" }, new() { IdScope = "hub.localhost" }, new() { EnrolmentGroups = new Dictionary<string, string> { ["a b"] = TestHub.Key } },
            new() { EnrolmentGroups = new Dictionary<string, string> { ["g"] = "short" } }, new() { Enrolments = [new LocalEnrolment("a.", TestHub.Key)] },
            new() { Enrolments = [new LocalEnrolment("a", "short")] }, new() { Enrolments = [new LocalEnrolment("a", TestHub.Key) { DeviceId = "a b" }] },
            new() { Enrolments = [new LocalEnrolment("a", TestHub.Key) { Payload = "{" }] },
        ];

        foreach (LocalHubOptions options in wrong)
        {
            LocalHubException refused = await Assert.ThrowsAsync<LocalHubException>(() => TestHub.StartAsync(options));
            Assert.Equal(LocalHubFault.InvalidOption, refused.Fault);
        }
    }

    [Fact]
    public async Task The_server_certificate_names_host_and_loopback_and_is_valid_now()
    {
        await using TestHub hub = await TestHub.StartAsync();
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync("127.0.0.1", hub.Hub.MqttPort, TestContext.Current.CancellationToken);
        await using var tls = new System.Net.Security.SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(
            new System.Net.Security.SslClientAuthenticationOptions { TargetHost = "127.0.0.1", CertificateChainPolicy = hub.Trust() }, TestContext.Current.CancellationToken);

        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(tls.RemoteCertificate!.GetRawCertData());

        Assert.All(["hub.localhost", "localhost", "127.0.0.1", "::1"], name => Assert.True(certificate.MatchesHostname(name), name));
        Assert.False(certificate.MatchesHostname("elsewhere.example"));
    }

    private LocalHubOptions Options() => new() { DataFolder = _folder, Devices = [new LocalDevice("dev-01", TestHub.Key), new LocalDevice("dev-02")] };
}
