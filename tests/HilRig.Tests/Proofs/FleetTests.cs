using System.Text.Json.Nodes;
using HilRig.Bench;

namespace HilRig.Tests.Proofs;

/// <summary><c>hilrig fleet</c> as people and scripts run it: a process.</summary>
[Collection(OneBenchAtATime.Name)]
public sealed class FleetTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private readonly TemporaryFolder _state = new("hilrig-test-");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task A_fleet_provisions_itself_outlives_an_outage_and_loses_nothing_in_this_session_and_the_next()
    {
        string file = Path.Combine(_state.Path, "summary.json");
        string data = Path.Combine(_state.Path, "data");

        (int exitCode, string output) = await RigProcess.RunAsync(_state, Patience, "fleet", "--nodes", "3", "--for", "10", "--outage", "4", "--summary", file, "--data", data);
        Assert.True(exitCode == 0, output);
        JsonNode first = await ReadAsync(file);
        (int again, string secondOutput) = await RigProcess.RunAsync(_state, Patience, "fleet", "--nodes", "3", "--for", "5", "--summary", file, "--data", data);
        Assert.True(again == 0, secondOutput);
        JsonNode second = await ReadAsync(file);

        Assert.All([first, second], summary =>
        {
            Assert.Equal(["pi-001", "pi-002", "pi-003"], summary["nodes"]!.AsArray().Select(node => (string)node!["deviceId"]!));
            Assert.Equal((0, 0), ((long)summary["lost"]!, summary["broken"]!.AsArray().Count));
            Assert.All(summary["nodes"]!.AsArray(), node =>
            {
                Assert.True((long)node!["stored"]! > 0 && (long)node["distinct"]! > 0 && (double)node["residentMebibytes"]! > 1 && (double)node["connectSeconds"]! > 0, node.ToJsonString());
                Assert.Equal(0, (int)node["exitCode"]!);
            });
        });
        Assert.All(first["nodes"]!.AsArray(), node => Assert.True((int)node!["connects"]! >= 2, node.ToJsonString()));
        Assert.True((double)first["recoverySeconds"]! >= 0, output);
        Assert.Null(second["recoverySeconds"]);
    }

    [Fact]
    public async Task Readings_that_the_hub_confirmed_and_lost_are_counted_told_by_the_nodes_name_and_fail_the_fleet()
    {
        string file = Path.Combine(_state.Path, "summary.json");
        string data = Path.Combine(_state.Path, "data");
        await using RigProcess fleet = RigProcess.Start(_state, "fleet", "--nodes", "2", "--for", "15", "--summary", file, "--data", data);
        await fleet.HearAsync("fleet      2 nodes");

        (int played, string fault) = await RigProcess.RunAsync(_state, Patience, "hub", "fault", "forget", "--device", "pi-002", "--count", "3", "--for", "1h", "--data", data);
        Assert.True(played == 0, fault);
        int exitCode = await fleet.ExitAsync(Patience);

        Assert.True(exitCode == 1, fleet.Output);
        Assert.Contains("FAILED: pi-002: 3 readings are lost", fleet.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("FAILED: pi-001", fleet.Output, StringComparison.Ordinal);
        JsonNode summary = await ReadAsync(file);
        Assert.Equal([(0, null), (3, "3 readings are lost")], summary["nodes"]!.AsArray().Select(node => ((long)node!["lost"]!, (string?)node["broken"])));
    }

    [Fact]
    public async Task A_node_that_cannot_run_fails_the_fleet_by_its_name()
    {
        string blocked = Path.Combine(_state.Path, "data", "pi-001");
        Directory.CreateDirectory(Path.Combine(blocked, "spool.db")); // A folder where its database should be.

        (int exitCode, string output) = await RigProcess.RunAsync(_state, Patience, "fleet", "--nodes", "1", "--for", "5", "--data", Path.Combine(_state.Path, "data"));

        Assert.True(exitCode == 1, output);
        Assert.Contains("FAILED: pi-001: it ended by itself with exit code ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--nodes takes 1 to 200.", "--nodes", "0", "--for", "10")]
    [InlineData("--nodes takes 1 to 200.", "--nodes", "201", "--for", "10")]
    [InlineData("--for takes 5 to 86400 seconds.", "--nodes", "2", "--for", "4")]
    [InlineData("--outage takes 0 to half the seconds of --for.", "--nodes", "2", "--for", "10", "--outage", "6")]
    [InlineData("Option '--nodes' is required.", "--for", "10")]
    public async Task Bad_options_are_refused_in_one_line_with_exit_code_2(string problem, params string[] options)
    {
        (int exitCode, string output) = await RigProcess.RunAsync(_state, Patience, ["fleet", .. options]);

        Assert.Equal((2, $"hilrig: {problem} See 'hilrig fleet --help'."), (exitCode, output.TrimEnd()));
    }

    private static async Task<JsonNode> ReadAsync(string file) => JsonNode.Parse(await File.ReadAllTextAsync(file, Cancelled))!;
}
