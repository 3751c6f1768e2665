namespace Node.Sensors.Emulation;

/// <summary>
/// Takes one measurement: physical world in, three raw words out. Source: SCD4x datasheet version 1.4, tables 1 to 3 (accuracy and
/// repeatability) and sections 3.5.2 and 3.6.
/// </summary>
internal sealed class Scd41Converter(Ambient ambient, UnitNoise noise)
{
    /// <summary>How much warmer than the air the chip is; the factory's offset takes away exactly that.</summary>
    private const double SelfHeatingCelsius = 1498 * 175.0 / 65_535.0;

    private readonly double _gain = 1 + noise.Error(channel: 0, standardDeviation: 0.015);
    private readonly double _offsetPpm = noise.Error(channel: 1, standardDeviation: 12);
    private readonly double _offsetCelsius = noise.Error(channel: 2, standardDeviation: 0.25);
    private readonly double _offsetPercent = noise.Error(channel: 3, standardDeviation: 2);

    /// <summary>What the optics see: the gas is counted by its density, so thinner air than assumed shows less of it.</summary>
    public double CarbonDioxide(TimeSpan at, Scd41Memory settings)
    {
        double density = ambient.PressurePascals.At(at) / settings.AssumedPascals;
        return (ambient.CarbonDioxidePpm.At(at) * density * _gain) + _offsetPpm + noise.At(at, 4, 3.3);
    }

    /// <summary>The words of temperature and humidity, the latter at the shown temperature and not at the chip's own.</summary>
    public (int Temperature, int Humidity) Climate(TimeSpan at, Scd41Memory settings)
    {
        double air = ambient.TemperatureCelsius.At(at);
        double shown = air + SelfHeatingCelsius - (settings.TemperatureOffset * 175.0 / 65_535.0);
        double percent = MoistAir.PercentAt(air, ambient.HumidityPercent.At(at), shown) + _offsetPercent + noise.At(at, 6, 0.13);
        double celsius = shown + _offsetCelsius + noise.At(at, 5, 0.033);
        return (Word((celsius + 45.0) / 175.0), Word(percent / 100.0));
    }

    /// <summary>The output range is 0 to 40,000 ppm; table 1.</summary>
    public static int CarbonDioxideWord(double ppm) => (int)Math.Round(Math.Clamp(ppm, 0.0, 40_000.0));

    private static int Word(double share) => (int)Math.Round(Math.Clamp(share, 0.0, 1.0) * 65_535.0);
}
