namespace Node.Sensors.Emulation;

/// <summary>
/// Takes one measurement: physical world in, two raw words out. Source: SHT3x-DIS datasheet version 5, tables 1 and 2 (accuracy and
/// repeatability) and section 4.13 (what the words mean).
/// </summary>
internal sealed class Sht31Converter
{
    /// <summary>How much the heater warms the chip. The datasheet says only "a few degrees" (section 4.10), so the size is ours.</summary>
    private const double HeaterCelsius = 4.0;

    private readonly Ambient _ambient;
    private readonly UnitNoise _noise;
    private readonly double _temperatureError;
    private readonly double _humidityError;

    public Sht31Converter(Ambient ambient, UnitNoise noise)
    {
        _ambient = ambient;
        _noise = noise;
        _temperatureError = noise.Error(channel: 0, standardDeviation: 0.1); // typical accuracy 0.2 °C and 2 %: two deviations
        _humidityError = noise.Error(channel: 1, standardDeviation: 1.0);
    }

    /// <summary>Measures the world as it is at an instant.</summary>
    /// <param name="at">The instant.</param>
    /// <param name="heater">Whether the chip warms itself.</param>
    /// <param name="repeatability">Three standard deviations of what one measurement differs from the next.</param>
    public (int Temperature, int Humidity) Measure(TimeSpan at, bool heater, (double Celsius, double Percent) repeatability)
    {
        double air = _ambient.TemperatureCelsius.At(at);
        double celsius = air + (heater ? HeaterCelsius : 0);
        double percent = MoistAir.PercentAt(air, _ambient.HumidityPercent.At(at), celsius);
        celsius += _temperatureError + _noise.At(at, 2, repeatability.Celsius / 3);
        percent += _humidityError + _noise.At(at, 3, repeatability.Percent / 3);
        return (Word((celsius + 45.0) / 175.0), Word(percent / 100.0));
    }

    private static int Word(double share) => (int)Math.Round(Math.Clamp(share, 0.0, 1.0) * 0xFFFF);
}
