namespace HilRig.Checks;

/// <summary>A sensor is sampled at the period asked for, judged by the sampling times that its messages carry.</summary>
internal sealed record IntervalIs(string Sensor, TimeSpan Period, int TolerancePercent) : Check
{
    private const int FewestGaps = 3;

    public override string Name => $"{Sensor} sampled every {Durations.Write(Period)} ± {TolerancePercent} %";

    public override Verdict Judge(RunRecord run)
    {
        TimeSpan from = Settled(run);
        TimeSpan[] samples = [.. run.Arrivals
            .Where(arrival => arrival.Component == Sensor && arrival.SampledAt >= from)
            .DistinctBy(arrival => arrival.Sequence)
            .Select(arrival => arrival.SampledAt!.Value)
            .Order()];
        TimeSpan[] gaps = [.. samples.Zip(samples.Skip(1), (earlier, later) => later - earlier).Order()];
        if (gaps.Length < FewestGaps)
        {
            return Verdict.Fail($"{samples.Length} samples of {Sensor} after {Seconds(from)}: too few to tell a period");
        }
        TimeSpan median = gaps[gaps.Length / 2];
        TimeSpan allowed = Period * TolerancePercent / 100;
        return Verdict.Of(
            (median - Period).Duration() <= allowed,
            $"median of {gaps.Length} gaps {Seconds(median)}, from {Seconds(gaps[0])} to {Seconds(gaps[^1])}");
    }

    // After a change of the twin the first gap may still be of the old period.
    private TimeSpan Settled(RunRecord run)
    {
        StepRecord? change = run.Steps.LastOrDefault(step => step.Step is Scenarios.TwinStep);
        return change is null ? TimeSpan.Zero : change.Ended + Period;
    }
}
