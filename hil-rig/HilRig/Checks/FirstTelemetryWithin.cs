namespace HilRig.Checks;

/// <summary>The first reading was at the hub early enough after the node's process was started.</summary>
internal sealed record FirstTelemetryWithin(TimeSpan Limit) : Check
{
    public override string Name => $"first telemetry within {Durations.Write(Limit)}";

    public override Verdict Judge(RunRecord run) => run.FirstTelemetry is { } took
        ? Verdict.Of(took <= Limit, $"first reading at the hub after {Seconds(took)}")
        : Verdict.Fail("no reading arrived");
}
