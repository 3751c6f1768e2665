using System.Xml.Linq;
using HilRig.Bench;

namespace HilRig.Tests.Proofs;

/// <summary><c>hilrig run</c> as CI runs it.</summary>
[Collection(OneBenchAtATime.Name)]
public sealed class RunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new("hilrig-test-");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_scenarios_that_ship_pass_and_are_reported()
    {
        string report = Path.Combine(_folder.Path, "report");

        (int exitCode, string output) = await RigProcess.RunAsync(
            _folder, TimeSpan.FromMinutes(5), "run", Repository.PathOf("hil-rig", "scenarios"), "--report", report, "--seed", "7");

        Assert.True(exitCode == 0, output);
        Assert.Contains("3 of 3 scenarios passed", output, StringComparison.Ordinal);
        XElement junit = XDocument.Load(Path.Combine(report, "junit.xml")).Root!;
        Assert.Equal(3, junit.Elements("testsuite").Count());
        Assert.Equal("0", junit.Attribute("failures")!.Value);
        Assert.Equal("0", junit.Attribute("errors")!.Value);
        Assert.True(File.Exists(Path.Combine(report, "report.html")));
    }

    [Fact]
    public async Task A_check_that_does_not_hold_fails_the_run_with_exit_code_1()
    {
        string scenario = Write("name: Too much\nduration: 1s\nchecks:\n  - readingsAtLeast: 1000000\n  - nothingLost: true\n");

        (int exitCode, string output) = await RigProcess.RunAsync(_folder, TimeSpan.FromSeconds(90), "run", scenario, "--report", _folder.Path);

        Assert.True(exitCode == 1, output);
        Assert.Contains("FAILED  at least 1000000 readings", output, StringComparison.Ordinal);
        Assert.Contains("passed  nothing lost", output, StringComparison.Ordinal);
        XElement junit = XDocument.Load(Path.Combine(_folder.Path, "junit.xml")).Root!;
        Assert.Equal("1", junit.Attribute("failures")!.Value);
    }

    [Fact]
    public async Task A_kill_and_a_restart_by_the_timeline_are_accounted_for()
    {
        string scenario = Write("""
            name: Kill and restart
            duration: 8s
            node: { "Sensors:climate:Interval": 100ms }
            timeline:
              - at: 1s
                node: kill
              - at: 1500ms
                node: start
            checks:
              - recoveredWithin: 20s
              - nothingLost: true
              - stopsWithin: 10s
            """);

        (int exitCode, string output) = await RigProcess.RunAsync(_folder, TimeSpan.FromSeconds(90), "run", scenario);

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task Unusable_yaml_is_refused_with_its_place_and_exit_code_2_before_anything_runs()
    {
        string scenario = Write("name: x\nduration: soon\nchecks:\n  - nothingLost: true\n");

        (int exitCode, string output) = await RigProcess.RunAsync(_folder, TimeSpan.FromSeconds(30), "run", Repository.PathOf("hil-rig", "scenarios"), scenario);

        Assert.Equal(2, exitCode);
        Assert.Contains("scenario.yaml:2:11: 'duration: soon' is no duration", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Cold start", output, StringComparison.Ordinal);
    }

    private string Write(string text)
    {
        string path = Path.Combine(_folder.Path, "scenario.yaml");
        File.WriteAllText(path, text);
        return path;
    }
}
