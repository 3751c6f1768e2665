using HilRig.Bench;
using HilRig.Checks;
using HilRig.Scenarios;
using HilRig.Service;

namespace HilRig.Tests.Scenarios;

public sealed class ScenarioReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new("hilrig-test-");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_whole_scenario_is_read_as_written()
    {
        Scenario scenario = Read("""
            name: Everything
            description: One of each.
            duration: 1m
            startsWhen: launched
            seed: 7
            node:
              Sensors:climate:Interval: 500ms
            timeline:
              - at: 20s
                node: kill
              - at: 2s
                twin: { climate.interval: 250ms, climate.enabled: true, climate.gone: null }
              - at: 3s
                method: led*setState
                payload: { state: "on" }
              - at: PT5S
                outage: 10s
            checks:
              - nothingLost: true
              - twinAcknowledged: { path: climate.interval, value: PT0.25S, within: 2s }
              - methodAnswers: { method: led*setState }
            """);

        Assert.Equal("Everything", scenario.Name);
        Assert.Equal(TimeSpan.FromMinutes(1), scenario.Duration);
        Assert.Equal(TimelineStart.Launched, scenario.StartsWhen);
        Assert.Equal(7, scenario.Seed);
        Assert.Equal("500ms", scenario.NodeSettings["Sensors:climate:Interval"]);
        Assert.Equal([2, 3, 5, 20], scenario.Timeline.Select(step => step.At.TotalSeconds));
        var twin = Assert.IsType<TwinStep>(scenario.Timeline[0]);
        Assert.Equal("""{"climate":{"__t":"c","interval":"250ms","enabled":true,"gone":null}}""", DesiredOf(twin));
        Assert.Equal("""{"state":"on"}""", Assert.IsType<MethodStep>(scenario.Timeline[1]).Payload?.ToJsonString());
        Assert.Equal(TimeSpan.FromSeconds(10), Assert.IsType<OutageStep>(scenario.Timeline[2]).Length);
        Assert.Equal(NodeAction.Kill, Assert.IsType<NodeStep>(scenario.Timeline[3]).Action);
        Assert.Equal([typeof(NothingLost), typeof(TwinAcknowledged), typeof(MethodAnswers)], scenario.Checks.Select(check => check.GetType()));
    }

    [Theory]
    [InlineData("duration: 5s\nchecks:\n  - nothingLost: true\n", ":1:1: a scenario needs 'name'")]
    [InlineData("name: x\nduration: 5\nchecks:\n  - nothingLost: true\n", ":2:11: 'duration: 5' is no duration from 1s to 60m")]
    [InlineData("name: x\nduration: 2h\nchecks:\n  - nothingLost: true\n", ":2:11: 'duration: 2h' is no duration")]
    [InlineData("name: x\nduration: 5s\nspeed: 1\nchecks:\n  - nothingLost: true\n", ":3:1: 'speed' is unknown in a scenario; allowed: checks, description, duration")]
    [InlineData("name: x\nduration: 5s\nchecks: []\n", ":3:9: 'checks' is empty")]
    [InlineData("name: x\nduration: 5s\nchecks:\n  - allIsWell: true\n", ":4:5: a check is exactly one of: backlogAtLeast, connectedWithin")]
    [InlineData("name: x\nduration: 5s\nchecks:\n  - nothingLost: perhaps\n", ":4:18: 'nothingLost: perhaps' is unknown; allowed: true")]
    [InlineData("name: x\nduration: 5s\nchecks:\n  - readingsAtLeast: 0\n", ":4:22: 'readingsAtLeast: 0' is no whole number from 1")]
    [InlineData("name: x\nduration: 5s\ntimeline:\n  - at: 1s\n    jump: high\nchecks:\n  - nothingLost: true\n", ":4:9: a timeline step needs exactly one of: twin, method, outage, node")]
    [InlineData("name: x\nduration: 5s\ntimeline:\n  - at: 1s\n    node: explode\nchecks:\n  - nothingLost: true\n", ":5:11: 'node: explode' is unknown; allowed: kill, stop, start, restart")]
    [InlineData("name: x\nduration: 5s\ntimeline:\n  - at: 6s\n    node: kill\nchecks:\n  - nothingLost: true\n", ":2:11: a timeline step lies after the end (5s)")]
    [InlineData("name: x\nduration: 5s\nchecks:\n  - recoveredWithin: 5s\n", ":4:5: 'recovered within 5s' can never be judged")]
    [InlineData("name: x\nduration: 5s\nchecks:\n  - twinAcknowledged: { path: climate.interval }\n", ":4:5: 'climate.interval acknowledged with 200 within 5s' can never be judged: no timeline step sets")]
    [InlineData("name: x\nduration: 5s\nnode:\n  Hub:Port: 1\nchecks:\n  - nothingLost: true\n", ":4:13: 'Hub:Port' is the bench's own")]
    [InlineData("name: x\nduration: 5s\nstimulus: { trace: absent.csv }\nchecks:\n  - nothingLost: true\n", ":3:20: 'absent.csv' does not exist")]
    [InlineData("name: x\nname: y\n", ":2:")]
    [InlineData("name: [x\n", ":")]
    [InlineData("- name: x\n", ":1:1: expected one YAML document that is a mapping")]
    [InlineData("", ":1:1: expected one YAML document")]
    [InlineData("name: &a x\nduration: 5s\n", ":1:7: anchors and aliases are not used here")]
    public void A_fault_names_file_line_column_and_what_is_allowed(string text, string expected)
    {
        RigException fault = Assert.Throws<RigException>(() => Read(text));

        Assert.Equal(RigFault.UnusableInput, fault.Fault);
        Assert.Contains("scenario.yaml" + expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trace_that_the_chips_cannot_follow_is_refused_by_its_line()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "room.csv"), "date,Temperature\n2015-02-02 14:19:00,23.7\n2015-02-02 14:20:00,warm\n");

        RigException fault = Assert.Throws<RigException>(() => Read("name: x\nduration: 5s\nstimulus: { trace: room.csv }\nchecks:\n  - nothingLost: true\n"));

        Assert.Contains("scenario.yaml:3:20:", fault.Message, StringComparison.Ordinal);
        Assert.Contains("room.csv", fault.Message, StringComparison.Ordinal);
        Assert.Contains("3", fault.Message[fault.Message.LastIndexOf("room.csv", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_listed_at_once_in_the_order_of_their_lines()
    {
        RigException fault = Assert.Throws<RigException>(() => Read("name: x\nduration: soon\nseed: -1\nchecks:\n  - readingsAtLeast: many\n"));

        string[] lines = fault.Message.Split(Environment.NewLine);
        Assert.Equal(3, lines.Length);
        Assert.Contains(":2:11:", lines[0], StringComparison.Ordinal);
        Assert.Contains(":3:7:", lines[1], StringComparison.Ordinal);
        Assert.Contains(":5:22:", lines[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(300)]
    public void Deep_nesting_is_refused_before_it_can_exhaust_the_stack(int depth)
    {
        RigException fault = Assert.Throws<RigException>(() => Read("name: " + new string('[', depth)));

        Assert.Contains("nested more than 20 deep", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_larger_than_a_page_of_text_is_refused()
    {
        RigException fault = Assert.Throws<RigException>(() => Read(new string('#', 300_000)));

        Assert.Contains("larger than 256 KiB", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_text_never_does_more_than_be_refused()
    {
        var random = new Random(20260101);
        const string letters = "nameduration:checks-[]{}\"'&*!|>%@`#?, \n\t0123456789\u0001é";
        for (int round = 0; round < 500; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 120)).Select(_ => letters[random.Next(letters.Length)]));

            Assert.Throws<RigException>(() => Read(text));
        }
    }

    [Fact]
    public void The_scenarios_that_ship_are_usable()
    {
        string[] names = [.. ScenarioFiles.Find([Repository.PathOf("hil-rig", "scenarios")]).Select(ScenarioReader.Read).Select(scenario => scenario.Name)];

        Assert.Equal(["Cold start", "Hub outage", "Interval change"], names);
    }

    [Fact]
    public void A_folder_without_scenarios_and_a_path_that_is_not_there_are_refused()
    {
        Assert.Contains("no .yaml file", Assert.Throws<RigException>(() => ScenarioFiles.Find([_folder.Path])).Message, StringComparison.Ordinal);
        Assert.Contains("no such scenario", Assert.Throws<RigException>(() => ScenarioFiles.Find(["/nowhere/at/all.yaml"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_scenario_s_settings_outrank_the_bench_s()
    {
        string path = Path.Combine(_folder.Path, "bench.yaml");
        File.WriteAllText(path, "kind: emulated\ndevice: pi-07\nnode:\n  DoWorkInterval: 50ms\n  Spool:CommitDelay: 5ms\n");

        BenchFile bench = BenchFile.Read(path);

        Assert.Equal("pi-07", bench.DeviceId);
        IReadOnlyDictionary<string, string> merged = bench.Merge(new Dictionary<string, string> { ["doworkinterval"] = "10ms" });
        Assert.Equal("10ms", merged["DoWorkInterval"]);
        Assert.Equal("5ms", merged["Spool:CommitDelay"]);
    }

    [Fact]
    public void A_bench_of_another_kind_is_refused_with_the_kinds_there_are()
    {
        string path = Path.Combine(_folder.Path, "bench.yaml");
        File.WriteAllText(path, "kind: real\n");

        RigException fault = Assert.Throws<RigException>(() => BenchFile.Read(path));

        Assert.Contains("bench.yaml:1:7: 'kind: real' is unknown; allowed: emulated", fault.Message, StringComparison.Ordinal);
    }

    private Scenario Read(string text)
    {
        string path = Path.Combine(_folder.Path, "scenario.yaml");
        File.WriteAllText(path, text);
        return ScenarioReader.Read(path);
    }

    private static string DesiredOf(TwinStep step) => TwinAssignment.ToDesired(step.Assignments).ToJsonString();
}
