namespace HilRig.Up;

/// <summary>What <c>hilrig up</c> was asked for.</summary>
internal sealed record UpOptions
{
    /// <summary>After this the session changes the interval, toggles the LED and ends by itself; null runs until interrupted. 5 s to 1 day.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>Where the JSON summary goes; null for nowhere.</summary>
    public string? SummaryFile { get; init; }

    /// <summary>A CSV trace for the emulated chips; null for the generated room.</summary>
    public string? Trace { get; init; }

    /// <summary>Keeps hub and node between runs; null takes a temporary folder.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Shows the node's own lines.</summary>
    public bool Verbose { get; init; }
}
