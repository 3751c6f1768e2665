namespace Node.Sensors.Emulation;

/// <summary>The settings that one measurement runs with, decoded from the registers. Source: BME280 datasheet, sections 5.4.3 to 5.4.6 and 9.1.</summary>
internal readonly record struct Bme280Control(int TemperatureSamples, int PressureSamples, int HumiditySamples, int Filter, TimeSpan Standby)
{
    private static readonly double[] StandbyMilliseconds = [0.5, 62.5, 125, 250, 500, 1000, 10, 20];

    /// <param name="controlHumidity">ctrl_hum as it was at the last write of ctrl_meas.</param>
    /// <param name="controlMeasurement">ctrl_meas.</param>
    /// <param name="configuration">config.</param>
    public static Bme280Control Decode(byte controlHumidity, byte controlMeasurement, byte configuration) => new(
        TemperatureSamples: Samples(controlMeasurement >> 5),
        PressureSamples: Samples((controlMeasurement >> 2) & 7),
        HumiditySamples: Samples(controlHumidity & 7),
        Filter: 1 << Math.Min(4, (configuration >> 2) & 7),
        Standby: TimeSpan.FromMilliseconds(StandbyMilliseconds[configuration >> 5]));

    public TimeSpan Duration(ConversionTime time)
    {
        (double start, double sample, double settle) = (time.Of(1000, 1250), time.Of(2000, 2300), time.Of(500, 575)); // microseconds
        int channels = Math.Sign(PressureSamples) + Math.Sign(HumiditySamples);
        return TimeSpan.FromMicroseconds(start + (sample * (TemperatureSamples + PressureSamples + HumiditySamples)) + (settle * channels));
    }

    private static int Samples(int code) => code == 0 ? 0 : 1 << (Math.Min(code, 5) - 1);
}
