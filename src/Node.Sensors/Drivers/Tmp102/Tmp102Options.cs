namespace Node.Sensors.Drivers;

/// <summary>How a TMP102 measures.</summary>
public sealed record Tmp102Options
{
    /// <summary>How often a transfer that the bus failed is tried in all, 1 to 10. Default 3.</summary>
    public int TransferAttempts { get; init; } = 3;

    internal static SensorOptionTable<Tmp102Options> Table { get; } = new SensorOptionTable<Tmp102Options>(new(), static options => options.Validate())
        .Integer("TransferAttempts", "how often a transfer that the bus failed is tried in all", 1, 10, static o => o.TransferAttempts, static (o, v) => o with { TransferAttempts = v });

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(TransferAttempts, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(TransferAttempts, 10);
    }
}
