namespace Node.Sensors.Drivers;

/// <summary>How an ADS1115 measures. The defaults convert the four inputs against ground, one after the other.</summary>
public sealed record Ads1115Options
{
    /// <summary>What is converted, in this order; 1 to 8 channels with names that differ. Default each input against ground at ±4.096 V.</summary>
    public IReadOnlyList<Ads1115Channel> Channels { get; init; } =
    [
        new() { Input = Ads1115Input.Single0 },
        new() { Input = Ads1115Input.Single1 },
        new() { Input = Ads1115Input.Single2 },
        new() { Input = Ads1115Input.Single3 },
    ];

    /// <summary>Default 128 a second, the chip's own.</summary>
    public Ads1115DataRate DataRate { get; init; } = Ads1115DataRate.PerSecond128;

    /// <summary>The chip's supply in volts, 2.0 to 5.5: no input can be higher by more than 0.3 V. Default 3.3.</summary>
    public double SupplyVolts { get; init; } = 3.3;

    /// <summary>
    /// The header's pin (BCM number) to which ALERT/RDY is wired, 0 to 53; it then ends the wait for a conversion. Default
    /// <see langword="null"/>: the chip is asked over the bus.
    /// </summary>
    public int? ReadyPin { get; init; }

    /// <summary>How often a transfer that the bus failed is tried in all, 1 to 10. Default 3.</summary>
    public int TransferAttempts { get; init; } = 3;

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Channels);
        ThrowIfOutside(Channels.Count, 1, 8, nameof(Channels));
        foreach (Ads1115Channel channel in Channels) { channel.Validate(); }

        if (Channels.DistinctBy(static channel => channel.QuantityName, StringComparer.Ordinal).Count() != Channels.Count)
        {
            throw new ArgumentException("Two channels have the same name.", nameof(Channels));
        }

        ThrowIfOutside((int)DataRate, (int)Ads1115DataRate.PerSecond8, (int)Ads1115DataRate.PerSecond860, nameof(DataRate));
        if (!(SupplyVolts is >= 2.0 and <= 5.5)) { throw new ArgumentOutOfRangeException(nameof(SupplyVolts), SupplyVolts, "2.0 to 5.5"); }
        if (ReadyPin is { } pin) { ThrowIfOutside(pin, 0, 53, nameof(ReadyPin)); }

        ThrowIfOutside(TransferAttempts, 1, 10, nameof(TransferAttempts));
    }

    private static void ThrowIfOutside(int value, int lowest, int highest, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, lowest, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, highest, name);
    }
}
