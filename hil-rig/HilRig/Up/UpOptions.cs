using HilRig.Bench;
using HilRig.Shim;

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

    /// <summary>Which process the chips are in.</summary>
    public BenchBus Bus { get; init; }

    /// <summary>The device shim when <see cref="Bus"/> needs it.</summary>
    public ShimLibrary? Shim { get; init; }

    /// <summary>The board file for chips in the rig; null for a board with one of each.</summary>
    public string? Board { get; init; }

    /// <summary>Keeps hub and node between runs; null takes a temporary folder.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Shows the node's own lines.</summary>
    public bool Verbose { get; init; }
}
