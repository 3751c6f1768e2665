using HilRig.Checks;

namespace HilRig.Scenarios;

/// <summary>What is done to a node, when, and what must then be true: read from one YAML file.</summary>
internal sealed record Scenario
{
    public required string File { get; init; }

    public required string Name { get; init; }

    public string Description { get; init; } = "";

    /// <summary>How long the timeline runs, counted like its steps. 1 s to 1 h.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Where the timeline's zero lies.</summary>
    public TimelineStart StartsWhen { get; init; } = TimelineStart.Connected;

    /// <summary>Repeats the emulated room; the command line's <c>--seed</c> outranks it.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Configuration of the node below <c>Node:</c>, such as <c>Sensors:climate:Interval</c>.</summary>
    public IReadOnlyDictionary<string, string> NodeSettings { get; init; } = new Dictionary<string, string>();

    public Stimulus Stimulus { get; init; } = new();

    /// <summary>In the order of their times.</summary>
    public IReadOnlyList<ScenarioStep> Timeline { get; init; } = [];

    public IReadOnlyList<Check> Checks { get; init; } = [];
}
