using HilRig.Scenarios;

namespace HilRig.Checks;

/// <summary>After the last disturbance (an outage's end, a start of the node) readings arrive again early enough.</summary>
internal sealed record RecoveredWithin(TimeSpan Limit) : Check
{
    public override string Name => $"recovered within {Durations.Write(Limit)}";

    public override string? WhyUseless(Scenario scenario) =>
        scenario.Timeline.Any(IsDisturbance) ? null : "no timeline step disturbs anything (outage, or node: start or restart)";

    public override Verdict Judge(RunRecord run)
    {
        StepRecord? disturbance = run.Steps.LastOrDefault(step => IsDisturbance(step.Step));
        if (disturbance is null)
        {
            return Verdict.Fail("the disturbance never came");
        }
        Arrival? first = run.Arrivals.FirstOrDefault(arrival => arrival.At >= disturbance.Ended);
        return first is null
            ? Verdict.Fail("no reading arrived after it")
            : Verdict.Of(first.At - disturbance.Ended <= Limit, $"first reading {Seconds(first.At - disturbance.Ended)} after it");
    }

    private static bool IsDisturbance(ScenarioStep step) =>
        step is OutageStep or NodeStep { Action: NodeAction.Start or NodeAction.Restart };
}
