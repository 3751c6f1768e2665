namespace HilRig.Checks;

/// <summary>Enough different readings arrived for the other checks to mean anything.</summary>
internal sealed record ReadingsAtLeast(int Count) : Check
{
    public override string Name => $"at least {Count} readings";

    public override Verdict Judge(RunRecord run)
    {
        int distinct = run.Arrivals.Select(arrival => (arrival.BootId, arrival.Sequence)).Distinct().Count();
        return Verdict.Of(distinct >= Count, $"{distinct} different readings at the hub");
    }
}
