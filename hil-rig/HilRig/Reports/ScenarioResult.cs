using HilRig.Checks;
using HilRig.Scenarios;

namespace HilRig.Reports;

/// <summary>A scenario that ran, with the verdict of each check.</summary>
internal sealed record ScenarioResult
{
    public required Scenario Scenario { get; init; }

    /// <summary>The seed that repeats this run.</summary>
    public required int Seed { get; init; }

    public required DateTimeOffset Began { get; init; }

    public required TimeSpan Took { get; init; }

    public required RunRecord Run { get; init; }

    public required IReadOnlyList<(Check Check, Verdict Verdict)> Verdicts { get; init; }

    /// <summary>Why the run itself went wrong (the node died, a step could not be done); null when it did not.</summary>
    public string? Breakdown { get; init; }

    /// <summary>The node's last lines.</summary>
    public IReadOnlyList<string> NodeLog { get; init; } = [];

    public bool Passed => Breakdown is null && Verdicts.All(one => one.Verdict.Kind == VerdictKind.Pass);

    /// <summary>The command that repeats this run.</summary>
    public string Repeat => $"dotnet run --project hil-rig/HilRig -- run {Scenario.File} --seed {Seed}";
}
