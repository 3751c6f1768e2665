namespace Node.Sensors.Emulation;

/// <summary>What is soldered onto an emulated board.</summary>
public sealed record EmulatedBoardOptions
{
    /// <summary>The chips; at most one an address. Default one BME280 at 0x76 on bus 1.</summary>
    public IReadOnlyList<EmulatedChipOptions> Chips { get; init; } = [new EmulatedChipOptions { Chip = "BME280" }];

    /// <summary>Fixes what differs from unit to unit, such as calibration words. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>What goes wrong, and when. Default nothing. The board only reads it: it may be changed while the board runs.</summary>
    public FaultPlan Faults { get; init; } = new();
}
