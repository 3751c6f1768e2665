using HilRig.Scenarios;

namespace HilRig.Checks;

/// <summary>
/// Readings went on being taken while the hub was away and arrived later: proof that the outage was felt and the spool did its work.
/// </summary>
internal sealed record BacklogAtLeast(int Count) : Check
{
    public override string Name => $"backlog of at least {Count} readings delivered after the outage";

    public override string? WhyUseless(Scenario scenario) =>
        scenario.Timeline.OfType<OutageStep>().Any() ? null : "no timeline step is an outage";

    public override Verdict Judge(RunRecord run)
    {
        StepRecord? outage = run.Steps.LastOrDefault(step => step.Step is OutageStep);
        if (outage is null)
        {
            return Verdict.Fail("the outage never came");
        }
        int during = run.Arrivals.Count(arrival => arrival.At > outage.Began && arrival.At < outage.Ended);
        int late = run.Arrivals
            .Where(arrival => arrival.SampledAt > outage.Began && arrival.SampledAt < outage.Ended && arrival.At >= outage.Ended)
            .DistinctBy(arrival => arrival.Sequence)
            .Count();
        return Verdict.Of(late >= Count && during == 0, $"{late} readings taken during the outage arrived after it, {during} arrived during it");
    }
}
