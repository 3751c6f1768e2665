using Node.Sensors.Bus.Remote;

namespace Node.Host.Configuration;

/// <summary>Which buses the node sees: configuration section <c>Node:Bus</c>.</summary>
internal sealed record BusOptions
{
    public BusProviderKind Provider { get; init; } = BusProviderKind.Linux;

    /// <summary>Where the buses of another process are served; set exactly when <see cref="Provider"/> is remote.</summary>
    public RemoteBusEndpoint? Remote { get; init; }

    /// <summary>Board file of the emulated chips, their world and their faults; null for a board of the configured sensors.</summary>
    public string? EmulatedBoard { get; init; }

    /// <summary>CSV file whose course the emulated room follows; null for a generated day.</summary>
    public string? EmulatedTrace { get; init; }

    /// <summary>Seed of the emulated chips' individual calibration and of the room's noise. Default 1.</summary>
    public int EmulatedSeed { get; init; } = 1;

    /// <summary>How many seconds of the trace pass in one real second; a generated day has its own pace. Default 1; 0.001 to 100,000.</summary>
    public double EmulatedSpeed { get; init; } = 1;
}

/// <summary>The Pi's own buses, chips inside this process, or chips in another one.</summary>
internal enum BusProviderKind
{
    Linux,
    Emulated,
    Remote,
}
