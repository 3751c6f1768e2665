using System.Text.Json.Nodes;
using HubEmulator;
using Node.Host.Tests.TestKit;

namespace Node.Host.Tests.Cli;

/// <summary><c>sensornode provision</c> as its own process against the hub emulator's provisioning service.</summary>
public sealed class ProvisionCommandTests
{
    private const string GroupKey = "Z3JvdXAga2V5IG9mIHRoZSB0ZXN0cywgMzIgYnl0ZXM=";
    private const string WrongKey = "d3Jvbmcga2V5IG9mIHRoZSB0ZXN0cywgMzIgYnl0ZXM=";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_assigned_is_printed_and_kept_for_the_next_start()
    {
        using var folder = new TemporaryFolder();
        await using LocalHub hub = await HubAsync();

        (int exitCode, string output) = await RunAsync(folder, ["provision", "--json"], Settings(hub, GroupKey));

        JsonNode report = JsonNode.Parse(output)!;
        JsonNode kept = JsonNode.Parse(File.ReadAllText(folder.File("assignment.json")))!;
        Assert.Equal(0, exitCode);
        Assert.Equal(("assigned", "sn-7", hub.HostName, "sn-7"), ((string)report["status"]!, (string)report["registrationId"]!, (string)report["hostName"]!, (string)report["deviceId"]!));
        Assert.Equal((hub.HostName, "sn-7"), ((string)kept["hostName"]!, (string)kept["deviceId"]!));
        Assert.DoesNotContain(GroupKey, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_one_line_with_the_services_reason_and_nothing_is_kept()
    {
        using var folder = new TemporaryFolder();
        await using LocalHub hub = await HubAsync();

        (int exitCode, string output) = await RunAsync(folder, ["provision"], Settings(hub, WrongKey));

        Assert.Equal(1, exitCode);
        Assert.StartsWith("sensornode: sn-7 was not assigned to a hub (refused): ", output, StringComparison.Ordinal);
        Assert.Single(output.TrimEnd().Split('\n'));
        Assert.False(File.Exists(folder.File("assignment.json")));
    }

    [Fact]
    public async Task A_service_that_does_not_answer_ends_the_attempt_and_says_what_it_saw_last()
    {
        using var folder = new TemporaryFolder();
        await using LocalHub hub = await HubAsync();
        (string, string)[] settings = [.. Settings(hub, GroupKey), ("Node__Hub__Dps__Port", "9")]; // Nobody provisions there.

        (int exitCode, string output) = await RunAsync(folder, ["provision", "--timeout", "5s"], settings); // Time enough for a first refusal, however busy the machine is.

        Assert.Equal(1, exitCode);
        Assert.Contains("(retryExpired): nothing was assigned within 5 s; last: ", output, StringComparison.Ordinal);
        Assert.Contains("refused", output, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(new[] { "provision" }, "there is nobody to register at: set Node:Hub:Dps:IdScope")]
    [InlineData(new[] { "provision", "--timeout", "soon" }, "--timeout soon is not allowed; allowed is a duration")]
    [InlineData(new[] { "provision", "--timeout", "2h" }, "--timeout 2h is not allowed; allowed is a duration")]
    public async Task Without_a_service_or_with_a_bad_option_it_says_what_to_write_and_ends_with_exit_code_2(string[] arguments, string problem)
    {
        using var folder = new TemporaryFolder();

        (int exitCode, string output) = await RunAsync(folder, arguments);

        Assert.Equal(2, exitCode);
        Assert.StartsWith($"sensornode: {problem}", output, StringComparison.Ordinal);
    }

    private static Task<LocalHub> HubAsync() =>
        LocalHub.StartAsync(new LocalHubOptions { EnrolmentGroups = new Dictionary<string, string> { ["line"] = GroupKey } }, Cancelled);

    private static (string, string)[] Settings(LocalHub hub, string groupKey) =>
    [
        ("Node__Hub__TrustedRootsFile", hub.CaFile), ("Node__Hub__Dps__HostName", hub.HostName), ("Node__Hub__Dps__Port", $"{hub.MqttPort}"),
        ("Node__Hub__Dps__IdScope", hub.IdScope), ("Node__Hub__Dps__RegistrationId", "sn-7"), ("Node__Hub__Dps__GroupKey", groupKey),
    ];

    private static async Task<(int ExitCode, string Output)> RunAsync(TemporaryFolder folder, string[] arguments, params (string, string)[] settings)
    {
        using var program = new NodeProcess(folder.Path, arguments, settings);
        return (await program.EndAsync(Cancelled), program.Output);
    }
}
