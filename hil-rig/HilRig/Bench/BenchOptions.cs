using HilRig.Scenarios;
using HilRig.Shim;

namespace HilRig.Bench;

/// <summary>What an emulated bench is made of.</summary>
internal sealed record BenchOptions
{
    /// <summary>The hub's folder; the node's is the folder <c>node</c> in it. It must exist.</summary>
    public required string Folder { get; init; }

    public string DeviceId { get; init; } = "pi-01";

    public required NodeProgram Program { get; init; }

    /// <summary>Repeats the emulated room and the chips' calibration.</summary>
    public int Seed { get; init; } = 1;

    public Stimulus Stimulus { get; init; } = new();

    /// <summary>Where the emulated chips are: inside the node, or in this process, where they outlive it.</summary>
    public BenchBus Bus { get; init; }

    /// <summary>The built device shim, for <see cref="BenchBus.Shim"/>; null otherwise.</summary>
    public ShimLibrary? Shim { get; init; }

    /// <summary>The board file for chips in this process; null for a board with one of each.</summary>
    public string? Board { get; init; }

    /// <summary>Configuration below <c>Node:</c>, with colons; laid over what the bench itself sets.</summary>
    public IReadOnlyDictionary<string, string> NodeSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>Called with each line that the node writes; null for none.</summary>
    public Action<string>? Echo { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
