using System.Text;
using System.Text.Json.Nodes;
using HubEmulator;
using Microsoft.Extensions.Configuration;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Model;
using Node.Host.Tests.TestKit;

namespace Node.Host.Tests.Hub;

/// <summary>The program against the hub emulator, by each credential that a node can have.</summary>
public sealed class NodeIdentityTests
{
    private const string GroupKey = "Z3JvdXAga2V5IG9mIHRoZSB0ZXN0cywgMzIgYnl0ZXM=";
    private const string OwnKey = "b3duIGtleSBvZiBvbmUgZGV2aWNlLCAzMiBieXRlcyE=";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("group")]
    [InlineData("single")]
    [InlineData("certificate")]
    public async Task It_registers_connects_sends_and_keeps_what_it_was_assigned(string enrolment)
    {
        using var folder = new TemporaryFolder();
        DeviceCertificate certificate = DeviceCertificate.MakeSelfSigned("sn-7", TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(60));
        await using LocalHub hub = await LocalHub.StartAsync(
            new LocalHubOptions
            {
                EnrolmentGroups = enrolment == "group" ? new Dictionary<string, string> { ["line"] = GroupKey } : [],
                Enrolments = enrolment == "group" ? []
                    : [enrolment == "single" ? new LocalEnrolment("sn-7", OwnKey) : new LocalEnrolment("sn-7") { CertificatePem = certificate.CertificatePem }],
            },
            Cancelled);
        (string, string)[] credential = enrolment switch
        {
            "group" => [("Node__Hub__Dps__GroupKey", GroupKey)],
            "single" => [("Node__Hub__Dps__SymmetricKey__File", Secret(folder, OwnKey))],
            _ => [("Node__Hub__Certificate", certificate.CertificatePem), ("Node__Hub__CertificateKey__File", Secret(folder, certificate.KeyPem))],
        };

        using NodeProcess node = Run(folder, hub, [.. Registration(hub), .. credential]);
        await node.UntilAsync(() => Arrived(hub, "sn-7"), Cancelled);
        node.Terminate();

        Assert.Equal(0, await node.EndAsync(Cancelled));
        JsonNode kept = JsonNode.Parse(File.ReadAllText(folder.File("assignment.json")))!;
        Assert.Equal((hub.HostName, "sn-7"), ((string)kept["hostName"]!, (string)kept["deviceId"]!));
        NothingIsShown(node, GroupKey, OwnKey, certificate.KeyPem);
    }

    [Fact]
    public async Task With_an_assignment_it_needs_no_provisioning_service_and_asks_again_when_the_hub_refuses_it()
    {
        using var folder = new TemporaryFolder();
        await using LocalHub hub = await LocalHub.StartAsync(new LocalHubOptions { EnrolmentGroups = new Dictionary<string, string> { ["line"] = GroupKey } }, Cancelled);
        (string, string)[] settings = [.. Registration(hub), ("Node__Hub__Dps__GroupKey", GroupKey)];
        File.WriteAllText(folder.File("assignment.json"), new JsonObject
        {
            ["service"] = hub.HostName,
            ["idScope"] = hub.IdScope,
            ["registrationId"] = "sn-7",
            ["hostName"] = hub.HostName,
            ["deviceId"] = "gone",
        }.ToJsonString());

        using (NodeProcess node = Run(folder, hub, settings))
        {
            await node.UntilAsync(() => Arrived(hub, "sn-7"), Cancelled);
            Assert.Contains("The hub refuses this device; the provisioning service is asked again", node.Output, StringComparison.Ordinal);
            node.Terminate();
            Assert.Equal(0, await node.EndAsync(Cancelled));
        }

        using NodeProcess next = Run(folder, hub, [.. settings, ("Node__Hub__Dps__Port", "9")]); // Nobody provisions there.
        using var http = new HttpClient { BaseAddress = new Uri((await next.ListeningAsync(Cancelled)).HttpUrl) };
        await next.UntilAsync(() => next.Output.Contains("Connected to the hub", StringComparison.Ordinal), Cancelled);
    }

    [Fact]
    public async Task The_variables_of_balenas_relay_are_enough()
    {
        using var folder = new TemporaryFolder();
        DeviceCertificate certificate = DeviceCertificate.MakeSelfSigned("4f3a0c", TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(60));
        await using LocalHub hub = await LocalHub.StartAsync(
            new LocalHubOptions { Devices = [new LocalDevice("4f3a0c") { Thumbprint = certificate.Thumbprint }] }, Cancelled);

        using NodeProcess node = Run(folder, hub,
            ("AZURE_HUB_HOST", hub.HostName), ("BALENA_DEVICE_UUID", "4f3a0c"), ("AZURE_CERT", Base64(certificate.CertificatePem)), ("AZURE_PRIVATE_KEY", Base64(certificate.KeyPem)));
        await node.UntilAsync(() => Arrived(hub, "4f3a0c"), Cancelled);

        NothingIsShown(node, certificate.KeyPem, Base64(certificate.KeyPem));
        using var shown = new NodeProcess(folder.Path, ["config", "show", "--sources"],
            ("AZURE_HUB_HOST", hub.HostName), ("BALENA_DEVICE_UUID", "4f3a0c"), ("AZURE_CERT", Base64(certificate.CertificatePem)), ("AZURE_PRIVATE_KEY", Base64(certificate.KeyPem)));
        Assert.Equal(0, await shown.EndAsync(Cancelled));
        Assert.Contains("Node:Hub:CertificateKey = (secret)  (balena variables)", shown.Output, StringComparison.Ordinal);
        Assert.Contains("Node:Hub:DeviceId = 4f3a0c  (balena variables)", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_examines_the_provisioning_service_and_warns_of_a_certificate_that_ends_soon()
    {
        using var folder = new TemporaryFolder();
        DeviceCertificate certificate = DeviceCertificate.MakeSelfSigned("sn-7", TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(10));
        await using LocalHub hub = await LocalHub.StartAsync(new LocalHubOptions(), Cancelled);

        using var doctor = new NodeProcess(folder.Path, ["doctor", "--json"],
            [.. Registration(hub), .. Common(hub), ("Node__Hub__Certificate", certificate.CertificatePem), ("Node__Hub__CertificateKey", certificate.KeyPem)]);
        await doctor.EndAsync(Cancelled);

        JsonArray checks = JsonNode.Parse(doctor.Output)!["checks"]!.AsArray();
        Assert.Equal("ok", Result("dps"));
        Assert.Equal("warning", Result("credentials"));
        Assert.Contains("certificate expires on", doctor.Output, StringComparison.Ordinal);

        string Result(string check) => (string)checks.Single(each => (string)each!["check"]! == check)!["result"]!;
    }

    [Fact]
    public void The_provisioning_service_is_told_the_model_that_the_hub_is_told()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("Node:Hub:Dps:IdScope", "0ne00000001"), new("Node:Hub:Dps:RegistrationId", "sn-7"), new("Node:Hub:Dps:GroupKey", GroupKey), new("Node:Sensors:climate:Chip", "BME280"),
        ]).Build();
        NodeOptions options = NodeOptionsReader.Read(configuration, "/data").Options;

        string? own = HubServices.Telling(options, options.Hub.Dps!.Config).PayloadJson;
        NodeOptions named = options with { Hub = options.Hub with { ModelId = "dtmi:com:example:Node;7" } };

        Assert.Equal($$"""{"modelId":"{{NodeModel.Of(options).Root.Id}}"}""", own);
        Assert.Equal("""{"modelId":"dtmi:com:example:Node;7"}""", HubServices.Telling(named, options.Hub.Dps.Config).PayloadJson);
    }

    private static NodeProcess Run(TemporaryFolder folder, LocalHub hub, params (string, string)[] settings) =>
        new(folder.Path, ["run"], [.. Common(hub), ("Node__Sensors__climate__Interval", "200ms"), .. settings]);

    private static (string, string)[] Common(LocalHub hub) =>
        [("Node__Hub__Port", $"{hub.MqttPort}"), ("Node__Hub__HttpsPort", $"{hub.HttpsPort}"), ("Node__Hub__TrustedRootsFile", hub.CaFile)];

    private static (string, string)[] Registration(LocalHub hub) =>
    [
        ("Node__Hub__Dps__HostName", hub.HostName), ("Node__Hub__Dps__Port", $"{hub.MqttPort}"), ("Node__Hub__Dps__IdScope", hub.IdScope),
        ("Node__Hub__Dps__RegistrationId", "sn-7"),
    ];

    private static bool Arrived(LocalHub hub, string device) => hub.Telemetry.Snapshot().Any(message => message.DeviceId == device);

    private static string Secret(TemporaryFolder folder, string text)
    {
        File.WriteAllText(folder.File("secret"), text);
        return folder.File("secret");
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static void NothingIsShown(NodeProcess node, params string[] secrets) =>
        Assert.All(secrets, secret => Assert.DoesNotContain(secret.Split('\n').MaxBy(line => line.Length)!, node.Output, StringComparison.Ordinal));
}
