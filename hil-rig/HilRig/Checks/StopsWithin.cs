namespace HilRig.Checks;

/// <summary>Every graceful stop ended by itself, early enough and with exit code 0.</summary>
internal sealed record StopsWithin(TimeSpan Limit) : Check
{
    public override string Name => $"stops within {Durations.Write(Limit)}";

    public override Verdict Judge(RunRecord run)
    {
        NodeStop? bad = run.Stops.FirstOrDefault(stop => stop.WasKilled || stop.ExitCode != 0 || stop.Took > Limit);
        return (run.Stops.Count, bad) switch
        {
            (0, _) => Verdict.Inconclusive("the node was never stopped"),
            (_, null) => Verdict.Pass($"{run.Stops.Count} stops, the slowest {Seconds(run.Stops.Max(stop => stop.Took))}"),
            _ => Verdict.Fail(bad.WasKilled ? $"had to be killed after {Seconds(bad.Took)}" : $"exit code {bad.ExitCode} after {Seconds(bad.Took)}"),
        };
    }
}
