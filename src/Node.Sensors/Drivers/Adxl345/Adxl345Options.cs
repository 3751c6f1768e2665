namespace Node.Sensors.Drivers;

/// <summary>How an ADXL345 measures.</summary>
public sealed record Adxl345Options
{
    /// <summary>Default ±16 g.</summary>
    public Adxl345Range Range { get; init; } = Adxl345Range.G16;

    /// <summary>Whether every range has steps of 3.9 mg, rather than a 1024th of it. Default <see langword="true"/>.</summary>
    public bool FullResolution { get; init; } = true;

    /// <summary>Default 100 Hz.</summary>
    public Adxl345Rate Rate { get; init; } = Adxl345Rate.Hz100;

    /// <summary>Less current for more noise; for 12.5 to 400 Hz only (table 8). Default <see langword="false"/>.</summary>
    public bool LowPower { get; init; }

    /// <summary>Added to x by the chip, in g, in steps of 0.015625: −2 to 1.984375. Default 0.</summary>
    public double OffsetXG { get; init; }

    /// <summary>Added to y by the chip, in g, in steps of 0.015625: −2 to 1.984375. Default 0.</summary>
    public double OffsetYG { get; init; }

    /// <summary>Added to z by the chip, in g, in steps of 0.015625: −2 to 1.984375. Default 0.</summary>
    public double OffsetZG { get; init; }

    /// <summary>Detection of taps, or <see langword="null"/> (default) for none.</summary>
    public Adxl345TapOptions? Tap { get; init; }

    /// <summary>Detection of activity, or <see langword="null"/> (default) for none.</summary>
    public Adxl345ActivityOptions? Activity { get; init; }

    /// <summary>Detection of inactivity, or <see langword="null"/> (default) for none.</summary>
    public Adxl345InactivityOptions? Inactivity { get; init; }

    /// <summary>Detection of free fall, or <see langword="null"/> (default) for none.</summary>
    public Adxl345FreeFallOptions? FreeFall { get; init; }

    /// <summary>The output, active high, that tells of detected events until they are read. Default INT2.</summary>
    public Adxl345Line EventLine { get; init; } = Adxl345Line.Int2;

    /// <summary>
    /// The bus clock in hertz, 10,000 to 5,000,000; at least 400,000 for 800 Hz and 2,000,000 for more. Default 2,000,000. Between two reads
    /// of the FIFO the chip needs 5 µs: at 2 MHz the address byte is 4 of them, and a transfer call of Linux takes longer than the fifth.
    /// </summary>
    public int ClockHertz { get; init; } = 2_000_000;

    /// <summary>How often an exchange that the bus failed is tried in all, 1 to 10. Default 3.</summary>
    public int TransferAttempts { get; init; } = 3;

    /// <summary>The time between two samples, as the chip's own clock has it.</summary>
    public TimeSpan Period => TimeSpan.FromTicks(TimeSpan.TicksPerSecond / 3200 << ((int)Adxl345Rate.Hz3200 - (int)Rate));

    /// <summary>The slowest bus clock, in hertz, that the datasheet recommends for the rate (section SPI).</summary>
    private int SlowestClockHertz => Rate switch
    {
        > Adxl345Rate.Hz800 => 2_000_000,
        Adxl345Rate.Hz800 => 400_000,
        _ => 10_000,
    };

    internal void Validate()
    {
        Adxl345Scale.ThrowUnlessWithin((int)Range, (int)Adxl345Range.G2, (int)Adxl345Range.G16, nameof(Range));
        Adxl345Scale.ThrowUnlessWithin((int)Rate, (int)Adxl345Rate.Millihertz98, (int)Adxl345Rate.Hz3200, nameof(Rate));
        Adxl345Scale.ThrowUnlessWithin((int)EventLine, (int)Adxl345Line.Int1, (int)Adxl345Line.Int2, nameof(EventLine));
        Adxl345Scale.ThrowUnlessWithin(ClockHertz, SlowestClockHertz, 5_000_000, nameof(ClockHertz));
        Adxl345Scale.ThrowUnlessWithin(TransferAttempts, 1, 10, nameof(TransferAttempts));
        if (LowPower) { Adxl345Scale.ThrowUnlessWithin((int)Rate, (int)Adxl345Rate.Millihertz12500, (int)Adxl345Rate.Hz400, nameof(LowPower)); }

        if (Tap is not null) { Adxl345Scale.ThrowUnlessWithin((int)Rate, (int)Adxl345Rate.Hz100, (int)Adxl345Rate.Hz3200, nameof(Tap)); }
    }
}
