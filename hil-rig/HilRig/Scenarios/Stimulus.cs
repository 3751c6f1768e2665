namespace HilRig.Scenarios;

/// <summary>What the emulated chips feel: a recorded trace, or the generated room when <see cref="Trace"/> is null.</summary>
internal sealed record Stimulus
{
    /// <summary>The full path of a CSV trace.</summary>
    public string? Trace { get; init; }

    /// <summary>How many seconds of the trace pass in one second. 1 to 86 400.</summary>
    public int Speed { get; init; } = 1;
}
