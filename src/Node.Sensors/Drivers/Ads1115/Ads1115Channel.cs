namespace Node.Sensors.Drivers;

/// <summary>One voltage that an ADS1115 measures.</summary>
public sealed record Ads1115Channel
{
    /// <summary>The input, or the pair of inputs.</summary>
    public required Ads1115Input Input { get; init; }

    /// <summary>Full scale. Default ±4.096 V, the smallest that holds a supply of 3.3 V. A value at its end is a fault, not a reading.</summary>
    public Ads1115Range Range { get; init; } = Ads1115Range.Volts4096;

    /// <summary>The quantity's name, or <see langword="null"/> for <c>voltage</c> and the input's numbers, such as <c>voltage0</c> or <c>voltage01</c>.</summary>
    public string? Name { get; init; }

    /// <summary>Volts before a divider for one volt at the input; 0.001 to 1000. Default 1: no divider.</summary>
    public double Multiplier { get; init; } = 1.0;

    internal bool IsSingleEnded => Input >= Ads1115Input.Single0;

    internal double FullScaleVolts => Range switch
    {
        Ads1115Range.Volts6144 => 6.144,
        Ads1115Range.Volts4096 => 4.096,
        Ads1115Range.Volts2048 => 2.048,
        Ads1115Range.Volts1024 => 1.024,
        Ads1115Range.Volts0512 => 0.512,
        _ => 0.256,
    };

    internal string QuantityName => Name ?? "voltage" + Input switch
    {
        Ads1115Input.Difference01 => "01",
        Ads1115Input.Difference03 => "03",
        Ads1115Input.Difference13 => "13",
        Ads1115Input.Difference23 => "23",
        Ads1115Input.Single0 => "0",
        Ads1115Input.Single1 => "1",
        Ads1115Input.Single2 => "2",
        _ => "3",
    };

    internal void Validate()
    {
        ThrowIfOutside((int)Input, (int)Ads1115Input.Difference01, (int)Ads1115Input.Single3, nameof(Input));
        ThrowIfOutside((int)Range, (int)Ads1115Range.Volts6144, (int)Ads1115Range.Volts0256, nameof(Range));
        if (!(Multiplier is >= 0.001 and <= 1000.0)) { throw new ArgumentOutOfRangeException(nameof(Multiplier), Multiplier, "0.001 to 1000"); }
        if (Name is not null) { ArgumentException.ThrowIfNullOrWhiteSpace(Name, nameof(Name)); }
    }

    private static void ThrowIfOutside(int code, int lowest, int highest, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(code, lowest, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(code, highest, name);
    }
}
