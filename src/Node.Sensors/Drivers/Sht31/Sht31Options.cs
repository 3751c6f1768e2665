namespace Node.Sensors.Drivers;

/// <summary>How an SHT31 measures. The defaults give the least noise and let the chip sleep between readings.</summary>
public sealed record Sht31Options
{
    /// <summary>Default high.</summary>
    public Sht31Repeatability Repeatability { get; init; } = Sht31Repeatability.High;

    /// <summary>Default single shot. In the other modes a reading waits for the chip's next measurement, at most two of its periods.</summary>
    public Sht31Acquisition Acquisition { get; init; } = Sht31Acquisition.SingleShot;

    /// <summary>Whether the built-in heater runs. Default off: it is meant to test the chip, and it warms what is measured by some degrees (section 4.10).</summary>
    public bool Heater { get; init; }

    /// <summary>Limits for the ALERT pin, or <see langword="null"/> (default) for the chip's own. The pin works only while the chip measures by its own clock.</summary>
    public Sht31AlertLimits? Alert { get; init; }

    /// <summary>How often a transfer that the bus failed, or a measurement that came with a wrong checksum, is tried in all, 1 to 10. Default 3.</summary>
    public int TransferAttempts { get; init; } = 3;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan((int)Repeatability, (int)Sht31Repeatability.Low, nameof(Repeatability));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((int)Repeatability, (int)Sht31Repeatability.High, nameof(Repeatability));
        ArgumentOutOfRangeException.ThrowIfLessThan((int)Acquisition, (int)Sht31Acquisition.SingleShot, nameof(Acquisition));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((int)Acquisition, (int)Sht31Acquisition.AcceleratedResponse, nameof(Acquisition));
        ArgumentOutOfRangeException.ThrowIfLessThan(TransferAttempts, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(TransferAttempts, 10);
        Alert?.Validate();
    }
}
