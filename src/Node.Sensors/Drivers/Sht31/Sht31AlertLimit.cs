namespace Node.Sensors.Drivers;

/// <summary>One limit of an SHT31's alert mode: a temperature and a humidity that count separately.</summary>
/// <param name="TemperatureCelsius">−45 to 130 °C.</param>
/// <param name="HumidityPercent">0 to 100 % relative humidity.</param>
public readonly record struct Sht31AlertLimit(double TemperatureCelsius, double HumidityPercent)
{
    private const int TemperatureSteps = 1 << 9;
    private const int HumiditySteps = 1 << 7;

    /// <summary>The chip's word: the upper 7 bits of a humidity above the upper 9 bits of a temperature, each to the nearest step.</summary>
    internal ushort ToWord()
    {
        int temperature = Steps((TemperatureCelsius + 45) / 175, TemperatureSteps);
        int humidity = Steps(HumidityPercent / 100, HumiditySteps);
        return (ushort)((humidity * TemperatureSteps) + temperature);
    }

    internal void Validate()
    {
        RequireWithin(TemperatureCelsius, -45, 130, nameof(TemperatureCelsius));
        RequireWithin(HumidityPercent, 0, 100, nameof(HumidityPercent));
    }

    private static void RequireWithin(double value, double minimum, double maximum, string name)
    {
        if (!(value >= minimum && value <= maximum)) { throw new ArgumentOutOfRangeException(name, value, $"{minimum} to {maximum}."); }
    }

    private static int Steps(double share, int steps) => Math.Clamp((int)Math.Round(share * ushort.MaxValue / (65_536 / steps)), 0, steps - 1);
}
