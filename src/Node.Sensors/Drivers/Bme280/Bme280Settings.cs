namespace Node.Sensors.Drivers;

/// <summary>The options as the chip's control registers and waiting times. Source: BME280 datasheet, sections 5.4.3 to 5.4.6 and 9.1.</summary>
internal sealed class Bme280Settings(Bme280Options options)
{
    private const int ModeBits = 0x03;

    public byte ControlHumidity { get; } = (byte)options.Humidity;

    /// <summary>Oversampling of temperature and pressure, with the mode bits at sleep.</summary>
    public byte ControlMeasurementAsleep { get; } = (byte)(((int)options.Temperature << 5) | ((int)options.Pressure << 2));

    public byte Configuration { get; } = (byte)((int)options.Filter << 2);

    public bool MeasuresPressure { get; } = options.Pressure != Bme280Oversampling.Skipped;

    public bool MeasuresHumidity { get; } = options.Humidity != Bme280Oversampling.Skipped;

    public TimeSpan TypicalTime { get; } = MeasurementTime(options, start: 1000, perSample: 2000, extra: 500);

    public TimeSpan MaximumTime { get; } = MeasurementTime(options, start: 1250, perSample: 2300, extra: 575);

    /// <summary>Whether the registers from 0xF2 on (ctrl_hum, status, ctrl_meas, config) hold these settings, whatever the mode.</summary>
    public bool AreInForce(ReadOnlySpan<byte> fromControlHumidity) =>
        fromControlHumidity[0] == ControlHumidity
        && (fromControlHumidity[2] & ~ModeBits) == ControlMeasurementAsleep
        && fromControlHumidity[3] == Configuration;

    private static TimeSpan MeasurementTime(Bme280Options options, int start, int perSample, int extra)
    {
        int temperature = Samples(options.Temperature);
        int pressure = Samples(options.Pressure);
        int humidity = Samples(options.Humidity);
        int microseconds = start
            + (perSample * temperature)
            + (pressure == 0 ? 0 : (perSample * pressure) + extra)
            + (humidity == 0 ? 0 : (perSample * humidity) + extra);
        return TimeSpan.FromMicroseconds(microseconds);
    }

    private static int Samples(Bme280Oversampling oversampling) =>
        oversampling == Bme280Oversampling.Skipped ? 0 : 1 << ((int)oversampling - 1);
}
