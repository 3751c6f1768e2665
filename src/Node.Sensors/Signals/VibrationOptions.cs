using Node.Sensors.Drivers;

namespace Node.Sensors.Signals;

/// <summary>How an <see cref="Adxl345Vibration"/> measures.</summary>
public sealed record VibrationOptions
{
    /// <summary>How the chip samples. Default ±16 g at full resolution, 3200 Hz.</summary>
    public Adxl345Options Sensor { get; init; } = new() { Rate = Adxl345Rate.Hz3200 };

    /// <summary>The BCM number of the pin that INT1 is wired to, 0 to 53. It must be given.</summary>
    public int Pin { get; init; } = -1;

    /// <summary>Samples in a window: a power of two from 64 to 16,384. Default 2048: 0.64 s at 3200 Hz, and frequencies to 1.6 Hz.</summary>
    public int WindowLength { get; init; } = 2048;

    /// <summary>Into how many equal bands the frequencies up to half the rate are parted, each with its RMS; 0 (default) to 8.</summary>
    public int Bands { get; init; }

    internal void Validate()
    {
        Sensor.Validate();
        ArgumentOutOfRangeException.ThrowIfNegative(Pin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Pin, 53);
        if (WindowLength is < SignalAnalyzer.ShortestLength or > 16_384 || !int.IsPow2(WindowLength))
        {
            throw new ArgumentOutOfRangeException(nameof(WindowLength), WindowLength, "A power of two from 64 to 16384.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(Bands);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Bands, 8);
    }
}
