using Node.Sensors.Bus;
using Node.Sensors.Bus.Remote;

namespace Node.Host.Configuration;

/// <summary>Which buses the node sees: configuration section <c>Node:Bus</c>.</summary>
internal sealed record BusOptions
{
    public BusProviderKind Provider { get; init; } = BusProviderKind.Linux;

    /// <summary>Label or device node of the GPIO chip, such as <c>pinctrl-rp1</c> or <c>/dev/gpiochip4</c>; null for the 40-pin header's.</summary>
    public string? GpioChip { get; init; }

    /// <summary>Board file of the emulated chips, their world and their faults; null for a board of the configured sensors.</summary>
    public string? EmulatedBoard { get; init; }

    /// <summary>Where the buses of another process are served; set exactly when <see cref="Provider"/> is remote.</summary>
    public RemoteBusEndpoint? Remote { get; init; }

    /// <summary>CSV file whose course the emulated room follows; null for a generated day.</summary>
    public string? EmulatedTrace { get; init; }

    /// <summary>File into which every transfer and edge is written as a trace; null for none.</summary>
    public string? RecordTrace { get; init; }

    /// <summary>Recorded trace that the provider <c>replay</c> answers from.</summary>
    public string? ReplayTrace { get; init; }

    /// <summary>How exactly the node must repeat what was recorded. Default strict.</summary>
    public ReplayMode ReplayMode { get; init; } = ReplayMode.Strict;

    /// <summary>The I2C clock for the account of bus time. Default 100,000; 1,000 to 5,000,000.</summary>
    public int I2cClockHertz { get; init; } = 100_000;

    /// <summary>Seed of the emulated chips' individual calibration and of the room's noise. Default 1.</summary>
    public int EmulatedSeed { get; init; } = 1;

    /// <summary>How many seconds of the trace pass in one real second; a generated day has its own pace. Default 1; 0.001 to 100,000.</summary>
    public double EmulatedSpeed { get; init; } = 1;
}

/// <summary>The Pi's own buses, chips inside this process, chips in another one, or a recorded trace.</summary>
internal enum BusProviderKind
{
    Linux,
    Emulated,
    Replay,
    Remote,
}
