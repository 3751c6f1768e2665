using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HilRig.Bench;

namespace HilRig.Tests.Proofs;

/// <summary><c>hilrig up</c> as people and scripts run it: a process.</summary>
[Collection(OneBenchAtATime.Name)]
public sealed partial class UpTests : IDisposable
{
    private readonly TemporaryFolder _state = new("hilrig-test-");

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task A_timed_session_changes_toggles_counts_and_ends_by_itself()
    {
        string file = Path.Combine(_state.Path, "deep", "summary.json");

        (int exitCode, string output) = await RigProcess.RunAsync(_state, TimeSpan.FromSeconds(90), "up", "--for", "15", "--summary", file);

        Assert.True(exitCode == 0, output);
        JsonNode summary = JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!;
        long sent = summary["sent"]!.GetValue<long>();
        Assert.True(sent >= 3, output);
        Assert.Equal(sent, summary["confirmed"]!.GetValue<long>());
        Assert.Equal(sent, summary["distinct"]!.GetValue<long>());
        Assert.Equal(0, summary["lost"]!.GetValue<long>());
        Assert.True(summary["twinAcknowledged"]!.GetValue<bool>());
        Assert.Equal(1, summary["methodsAnswered"]!.GetValue<int>());
        Assert.InRange(summary["connectSeconds"]!.GetValue<double>(), 0.01, 15);
        Assert.InRange(summary["firstTelemetrySeconds"]!.GetValue<double>(), 0.01, 15);
        Assert.Empty(summary["broken"]!.AsArray());
        Assert.Contains("dashboard  http://127.0.0.1:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_it_is_up_the_commands_it_names_work_and_an_interrupt_ends_it_all()
    {
        await using RigProcess up = RigProcess.Start(_state, "up");
        await up.HearAsync("Try next");
        await up.HearAsync(" connected ");

        (int setExit, string set) = await RigProcess.RunAsync(_state, TimeSpan.FromSeconds(30), "twin", "set", "climate.interval=1s", "--json", "--wait", "20");
        (int callExit, string call) = await RigProcess.RunAsync(_state, TimeSpan.FromSeconds(30), "method", "call", "led*toggle");
        (int badExit, _) = await RigProcess.RunAsync(_state, TimeSpan.FromSeconds(30), "method", "call", "no*such");
        (int getExit, string get) = await RigProcess.RunAsync(_state, TimeSpan.FromSeconds(30), "twin", "get");
        int node = NodeProcessId(up.Output);
        await up.InterruptAsync();
        int upExit = await up.ExitAsync(TimeSpan.FromSeconds(30));

        Assert.True(setExit == 0, set);
        Assert.Equal(200, JsonNode.Parse(set)!["acknowledged"]!["climate.interval"]!["ac"]!.GetValue<int>());
        Assert.True(callExit == 0, call);
        Assert.Contains("""200 {"state":"on"}""", call, StringComparison.Ordinal);
        Assert.Equal(1, badExit);
        Assert.True(getExit == 0, get);
        Assert.Contains("Connected", get, StringComparison.Ordinal);
        Assert.True(upExit == 0, up.Output);
        Assert.False(IsRunning(node), "the node outlived the rig");
    }

    [Fact]
    public async Task A_node_that_dies_ends_the_session_with_its_last_lines_and_exit_code_1()
    {
        await using RigProcess up = RigProcess.Start(_state, "up");
        await up.HearAsync(" connected ");

        Process.GetProcessById(NodeProcessId(up.Output)).Kill();
        int exitCode = await up.ExitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(1, exitCode);
        Assert.Contains("the node ended by itself with exit code 137", up.Output, StringComparison.Ordinal);
        Assert.Contains("node | ", up.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_data_folder_carries_hub_and_node_over_to_the_next_session()
    {
        string data = Path.Combine(_state.Path, "data");
        string file = Path.Combine(_state.Path, "summary.json");

        (int first, string firstOutput) = await RigProcess.RunAsync(_state, TimeSpan.FromSeconds(90), "up", "--for", "8", "--data", data, "--summary", file);
        (int second, string secondOutput) = await RigProcess.RunAsync(_state, TimeSpan.FromSeconds(90), "up", "--for", "8", "--data", data, "--summary", file);

        Assert.True(first == 0, firstOutput);
        Assert.True(second == 0, secondOutput);
        JsonNode summary = JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!;
        Assert.Equal(summary["sent"]!.GetValue<long>(), summary["distinct"]!.GetValue<long>());
        Assert.Equal(0, summary["lost"]!.GetValue<long>());
    }

    private static int NodeProcessId(string output) =>
        int.Parse(ProcessNumber().Match(output).Groups["id"].Value, CultureInfo.InvariantCulture);

    private static bool IsRunning(int id)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    [GeneratedRegex("process (?<id>[0-9]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex ProcessNumber();
}
