namespace HilRig.Checks;

/// <summary>The hub accepted the node early enough after its process was started.</summary>
internal sealed record ConnectedWithin(TimeSpan Limit) : Check
{
    public override string Name => $"connected within {Durations.Write(Limit)}";

    public override Verdict Judge(RunRecord run) => run.Connected is { } took
        ? Verdict.Of(took <= Limit, $"connected after {Seconds(took)}")
        : Verdict.Fail("never connected");
}
