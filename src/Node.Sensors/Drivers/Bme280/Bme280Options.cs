namespace Node.Sensors.Drivers;

/// <summary>How a BME280 measures. The defaults are the datasheet's weather monitoring settings (section 3.5.1): lowest power, no filter.</summary>
public sealed record Bme280Options
{
    /// <summary>Default ×1. May not be skipped: pressure and humidity cannot be computed without the temperature.</summary>
    public Bme280Oversampling Temperature { get; init; } = Bme280Oversampling.X1;

    /// <summary>Default ×1. Skipped: readings hold no pressure.</summary>
    public Bme280Oversampling Pressure { get; init; } = Bme280Oversampling.X1;

    /// <summary>Default ×1. Skipped: readings hold no humidity.</summary>
    public Bme280Oversampling Humidity { get; init; } = Bme280Oversampling.X1;

    /// <summary>Default off. It counts measurements, not time, so its delay grows with the sampling period.</summary>
    public Bme280Filter Filter { get; init; } = Bme280Filter.Off;

    /// <summary>How often a transfer that the bus failed is tried in all, 1 to 10. Default 3.</summary>
    public int TransferAttempts { get; init; } = 3;

    internal void Validate()
    {
        ThrowUnlessKnown(Temperature, nameof(Temperature));
        ThrowUnlessKnown(Pressure, nameof(Pressure));
        ThrowUnlessKnown(Humidity, nameof(Humidity));
        ArgumentOutOfRangeException.ThrowIfEqual(Temperature, Bme280Oversampling.Skipped);
        ArgumentOutOfRangeException.ThrowIfLessThan((int)Filter, (int)Bme280Filter.Off, nameof(Filter));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((int)Filter, (int)Bme280Filter.Coefficient16, nameof(Filter));
        ArgumentOutOfRangeException.ThrowIfLessThan(TransferAttempts, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(TransferAttempts, 10);
    }

    private static void ThrowUnlessKnown(Bme280Oversampling oversampling, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan((int)oversampling, (int)Bme280Oversampling.Skipped, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((int)oversampling, (int)Bme280Oversampling.X16, name);
    }
}
