namespace Node.Sensors.Emulation;

/// <summary>
/// Takes one measurement: physical world in, the eight data registers out. Keeps the low-pass filter's memory. Source: BME280 datasheet,
/// sections 3.4 and 9.1.
/// </summary>
internal sealed class Bme280Converter(Bme280Nvm nvm, Ambient ambient)
{
    private const int Middle20 = 0x80000;
    private const int Middle16 = 0x8000;

    private readonly Bme280Physics _physics = new(nvm);
    private double? _filteredTemperature;
    private double? _filteredPressure;

    /// <summary>The data registers before the first measurement: 80 00 00, 80 00 00, 80 00.</summary>
    public static ReadOnlySpan<byte> ResetData => [0x80, 0, 0, 0x80, 0, 0, 0x80, 0];

    public void ForgetFilter()
    {
        _filteredTemperature = null;
        _filteredPressure = null;
    }

    /// <summary>Measures the world as it is at an instant; a skipped channel gives its reset value.</summary>
    public byte[] Measure(TimeSpan at, Bme280Control control)
    {
        int temperature = _physics.RawTemperature(ambient.TemperatureCelsius.At(at));
        int coarse = control.Filter == 1 ? Resolve(temperature, control.TemperatureSamples) : temperature;
        int pressure = _physics.RawPressure(ambient.PressurePascals.At(at), coarse);
        int humidity = _physics.RawHumidity(ambient.HumidityPercent.At(at), coarse);
        int shownTemperature = Shown(temperature, control.TemperatureSamples, control.Filter, ref _filteredTemperature);
        int shownPressure = Shown(pressure, control.PressureSamples, control.Filter, ref _filteredPressure);
        return Pack(shownPressure, shownTemperature, control.HumiditySamples == 0 ? Middle16 : humidity);
    }

    private static int Shown(int raw, int samples, int filter, ref double? filtered)
    {
        if (samples == 0) { return Middle20; }

        if (filter == 1) { return Resolve(raw, samples); }

        filtered = filtered is { } old ? ((old * (filter - 1)) + raw) / filter : raw;
        return (int)Math.Round(filtered.Value);
    }

    /// <summary>Without the filter a channel has 16 bits, and one more for every doubling of its samples (section 3.4.1); the lowest stay zero.</summary>
    private static int Resolve(int raw, int samples)
    {
        int step = samples == 0 ? 1 : 16 / samples;
        return Math.Min((raw + (step / 2)) / step * step, (1 << 20) - step);
    }

    private static byte[] Pack(int pressure, int temperature, int humidity) =>
    [
        (byte)(pressure >> 12), (byte)(pressure >> 4), (byte)(pressure << 4),
        (byte)(temperature >> 12), (byte)(temperature >> 4), (byte)(temperature << 4),
        (byte)(humidity >> 8), (byte)humidity,
    ];
}
