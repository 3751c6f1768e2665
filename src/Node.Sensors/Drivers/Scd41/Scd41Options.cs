namespace Node.Sensors.Drivers;

/// <summary>How an SCD41 measures. The defaults are the factory's, for a place at sea level that sees fresh air once a week.</summary>
public sealed record Scd41Options
{
    /// <summary>Default every five seconds.</summary>
    public Scd41Acquisition Acquisition { get; init; } = Scd41Acquisition.EveryFiveSeconds;

    /// <summary>How much warmer than the air the chip is where it is mounted, 0 to 20 °C. Default 4. It corrects temperature and humidity and not the carbon dioxide.</summary>
    public double TemperatureOffsetCelsius { get; init; } = 4.0;

    /// <summary>The height above the sea in metres, 0 to 3,000. Default 0. Carbon dioxide is corrected for the air pressure that belongs to it.</summary>
    public int AltitudeMeters { get; init; }

    /// <summary>The air pressure in pascals, 70,000 to 120,000, which takes the place of the altitude; or <see langword="null"/> (default). <see cref="Scd41.SetAmbientPressure"/> follows the weather.</summary>
    public double? AmbientPressurePascals { get; init; }

    /// <summary>Whether the chip takes the lowest value of a week for fresh air of 400 ppm. Default <see langword="true"/>; a place that never sees fresh air needs <see langword="false"/>.</summary>
    public bool SelfCalibrates { get; init; } = true;

    /// <summary>How often a transfer that the bus failed is tried in all, 1 to 10. Default 3.</summary>
    public int TransferAttempts { get; init; } = 3;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan((int)Acquisition, (int)Scd41Acquisition.EveryFiveSeconds, nameof(Acquisition));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((int)Acquisition, (int)Scd41Acquisition.SingleShot, nameof(Acquisition));
        ArgumentOutOfRangeException.ThrowIfLessThan(AltitudeMeters, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(AltitudeMeters, 3_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(TransferAttempts, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(TransferAttempts, 10);
        if (!(TemperatureOffsetCelsius is >= 0 and <= 20))
        {
            throw new ArgumentOutOfRangeException(nameof(TemperatureOffsetCelsius), TemperatureOffsetCelsius, "0 to 20 °C.");
        }

        if (AmbientPressurePascals is { } pascals) { Scd41Settings.ThrowUnlessPressure(pascals, nameof(AmbientPressurePascals)); }
    }
}
