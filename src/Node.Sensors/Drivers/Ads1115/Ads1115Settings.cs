namespace Node.Sensors.Drivers;

/// <summary>The options as words for the chip, quantities and waiting times. Source: ADS1115 datasheet SBAS444, Config register and timing.</summary>
internal sealed class Ads1115Settings(Ads1115Options options)
{
    /// <summary>How far an input may lie beyond ground or the supply.</summary>
    private const double DiodeVolts = 0.3;

    /// <summary>The internal oscillator may be slow by 10 %.</summary>
    private const double SlowestOscillator = 1.1;

    private static readonly int[] Rates = [8, 16, 32, 64, 128, 250, 475, 860];

    /// <summary>The way out of power-down takes about 25 µs.</summary>
    private static readonly TimeSpan WakeUp = TimeSpan.FromMicroseconds(30);

    /// <summary>A conversion that an earlier program began may have been the slowest one.</summary>
    public static TimeSpan SlowestConversion { get; } = TimeSpan.FromSeconds(SlowestOscillator / Rates[0]) + WakeUp;

    public TimeSpan TypicalTime { get; } = TimeSpan.FromSeconds(1.0 / Rates[(int)options.DataRate]) + WakeUp;

    public TimeSpan MaximumTime { get; } = TimeSpan.FromSeconds(SlowestOscillator / Rates[(int)options.DataRate]) + WakeUp;

    /// <summary>Config for a channel, without the bit that begins a conversion.</summary>
    public ushort Config(Ads1115Channel channel) => (ushort)(
        ((int)channel.Input << 12)
        | ((int)channel.Range << 9)
        | Ads1115Register.SingleShot
        | ((int)options.DataRate << 5)
        | (options.ReadyPin is null ? Ads1115Register.PinOff : Ads1115Register.PinAfterOneConversion));

    /// <summary>The operating range follows from the full scale, the supply and, before a divider, its ratio.</summary>
    public Quantity Quantity(Ads1115Channel channel)
    {
        double highest = Math.Min(channel.FullScaleVolts, options.SupplyVolts + DiodeVolts);
        double lowest = channel.IsSingleEnded ? -Math.Min(channel.FullScaleVolts, DiodeVolts) : -highest;
        return new Quantity(channel.QuantityName, "volt", lowest * channel.Multiplier, highest * channel.Multiplier);
    }
}
