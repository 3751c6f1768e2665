namespace Node.Sensors.Drivers;

/// <summary>How an <see cref="Adxl345Recorder"/> reads every sample.</summary>
public sealed record Adxl345RecorderOptions
{
    /// <summary>How the chip measures. Default ±16 g at full resolution, 3200 Hz.</summary>
    public Adxl345Options Sensor { get; init; } = new() { Rate = Adxl345Rate.Hz3200 };

    /// <summary>
    /// How many samples make the chip ask to be read, 1 to 31 of the 32 that it holds. Default 16: at 3200 Hz it asks every 5 ms and bears
    /// another 5 ms of delay.
    /// </summary>
    public int Watermark { get; init; } = 16;

    /// <summary>The chip's output that asks, active high. Default INT1.</summary>
    public Adxl345Line Line { get; init; } = Adxl345Line.Int1;

    /// <summary>The BCM number of the pin that it is wired to.</summary>
    public required int Pin { get; init; }
}
