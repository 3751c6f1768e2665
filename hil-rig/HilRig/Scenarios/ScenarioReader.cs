using HilRig.Bench;
using HilRig.Checks;
using HilRig.Service;
using HilRig.Yaml;

namespace HilRig.Scenarios;

/// <summary>Reads a scenario file against its vocabulary, described in <c>docs/scenarios.md</c>.</summary>
internal static class ScenarioReader
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromHours(1);
    private static readonly string[] Actions = ["twin", "method", "outage", "node"];

    /// <exception cref="RigException">The file is unusable; the text has one line for each fault, with file, line and column.</exception>
    public static Scenario Read(string path)
    {
        var faults = new YamlFaults();
        YamlMap root = YamlFile.Read(path, faults, "a scenario");
        var scenario = new Scenario
        {
            File = path,
            Name = root.RequiredText("name", longest: 80),
            Description = root.Text("description", longest: 2000)?.Trim() ?? "",
            Duration = root.RequiredDuration("duration", TimeSpan.FromSeconds(1), LongestRun),
            StartsWhen = root.Word("startsWhen", "connected", "launched") == "launched" ? TimelineStart.Launched : TimelineStart.Connected,
            Seed = root.Integer("seed", 0, int.MaxValue) ?? 1,
            NodeSettings = NodeSettingsReader.Read(root.Map("node", "'node'")),
            Stimulus = ReadStimulus(root.Map("stimulus", "'stimulus'"), path),
            Timeline = [.. root.Maps("timeline", "a timeline step", most: 500).Select(ReadStep).OfType<ScenarioStep>().OrderBy(step => step.At)],
            Checks = CheckReader.ReadAll(root),
        };
        root.Finish();
        CheckReader.Relate(scenario, root);
        faults.ThrowIfAny();
        return scenario;
    }

    private static Stimulus ReadStimulus(YamlMap? map, string path)
    {
        if (map is null)
        {
            return new Stimulus();
        }
        string? trace = map.Text("trace", longest: 1000);
        string? full = trace is null ? null : Path.GetFullPath(trace, Path.GetDirectoryName(Path.GetFullPath(path))!);
        if (full is not null && !File.Exists(full))
        {
            map.Fault("trace", $"'{trace}' does not exist; the path is relative to the scenario's folder");
        }
        else if (full is not null && TraceFile.Fault(full) is { } fault)
        {
            map.Fault("trace", fault);
        }
        var stimulus = new Stimulus { Trace = full, Speed = map.Integer("speed", 1, 86_400) ?? 1 };
        map.Finish();
        return stimulus;
    }

    private static ScenarioStep? ReadStep(YamlMap map)
    {
        TimeSpan at = map.RequiredDuration("at", TimeSpan.Zero, LongestRun);
        string[] present = [.. Actions.Where(map.Has)];
        ScenarioStep? step = present switch
        {
            ["twin"] => ReadTwin(map, at),
            ["method"] => new MethodStep(at, map.RequiredText("method", longest: 100), map.Json("payload")),
            ["outage"] => new OutageStep(at, map.RequiredDuration("outage", TimeSpan.FromMilliseconds(100), LongestRun)),
            ["node"] => ReadNode(map, at),
            _ => null,
        };
        if (present.Length != 1)
        {
            map.Fault("at", $"a timeline step needs exactly one of: {string.Join(", ", Actions)}");
        }
        map.Finish();
        return step;
    }

    private static TwinStep? ReadTwin(YamlMap step, TimeSpan at)
    {
        if (step.Map("twin", "'twin'") is not { } properties)
        {
            return null;
        }
        var assignments = new List<TwinAssignment>();
        foreach (string path in properties.Keys)
        {
            try
            {
                assignments.Add(new TwinAssignment(TwinAssignment.ParsePath(path), properties.Json(path)));
            }
            catch (RigException fault)
            {
                properties.Fault(path, fault.Message);
            }
        }
        if (assignments.Count == 0)
        {
            step.Fault("twin", "'twin' names no property; write for example 'climate.interval: 1s'");
        }
        properties.Finish();
        return new TwinStep(at, assignments);
    }

    private static NodeStep? ReadNode(YamlMap step, TimeSpan at) => step.Word("node", "kill", "stop", "start", "restart") switch
    {
        "kill" => new NodeStep(at, NodeAction.Kill),
        "stop" => new NodeStep(at, NodeAction.Stop),
        "start" => new NodeStep(at, NodeAction.Start),
        "restart" => new NodeStep(at, NodeAction.Restart),
        _ => null,
    };
}
