namespace Node.Sensors.Drivers;

/// <summary>
/// When an SHT31 raises its ALERT pin and lets it fall again. The chip keeps 9 bits of a temperature and 7 of a humidity, so steps are
/// 0.34 °C and 0.78 %. The defaults are the chip's own. Source: Alert Mode of SHT3x-DIS.
/// </summary>
public sealed record Sht31AlertLimits
{
    /// <summary>Above one of these the pin rises. Default 60 °C and 80 %.</summary>
    public Sht31AlertLimit HighSet { get; init; } = new(60, 80);

    /// <summary>Below these it falls again; not above <see cref="HighSet"/>. Default 58 °C and 79 %.</summary>
    public Sht31AlertLimit HighClear { get; init; } = new(58, 79);

    /// <summary>Above these it falls again; not below <see cref="LowSet"/>. Default −9 °C and 22 %.</summary>
    public Sht31AlertLimit LowClear { get; init; } = new(-9, 22);

    /// <summary>Below one of these the pin rises. Default −10 °C and 20 %.</summary>
    public Sht31AlertLimit LowSet { get; init; } = new(-10, 20);

    internal void Validate()
    {
        LowSet.Validate();
        HighSet.Validate();
        RequireOrder(LowSet, LowClear, nameof(LowClear));
        RequireOrder(LowClear, HighClear, nameof(HighClear));
        RequireOrder(HighClear, HighSet, nameof(HighSet));
    }

    private static void RequireOrder(Sht31AlertLimit lower, Sht31AlertLimit higher, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(higher.TemperatureCelsius, lower.TemperatureCelsius, name);
        ArgumentOutOfRangeException.ThrowIfLessThan(higher.HumidityPercent, lower.HumidityPercent, name);
    }
}
