namespace Node.Sensors.Drivers;

/// <summary>How a BH1750 measures. The defaults suit rooms and daylight, and let the chip power itself down between readings.</summary>
public sealed record Bh1750Options
{
    /// <summary>Default one lux.</summary>
    public Bh1750Resolution Resolution { get; init; } = Bh1750Resolution.OneLux;

    /// <summary>Whether the chip measures all the time, so that a reading need not wait. Default <see langword="false"/>.</summary>
    public bool Continuous { get; init; }

    /// <summary>The register MTreg, 31 to 254; default 69. Twice the number is twice the sensitivity, twice the time and half the range.</summary>
    public int MeasurementTime { get; init; } = 69;

    /// <summary>
    /// Whether a reading beyond the range is taken again with the shortest measurement time, up to 100,000 lx. Default <see langword="true"/>;
    /// otherwise it is a fault.
    /// </summary>
    public bool ExtendsRange { get; init; } = true;

    /// <summary>
    /// What this unit behind its window counts for one lux at a measurement time of 69, 0.1 to 1.44. Default 1.2; units differ from 0.96 to
    /// 1.44, and a window that passes half the light halves the number.
    /// </summary>
    public double CountsPerLux { get; init; } = 1.2;

    /// <summary>How often a transfer that the bus failed is tried in all, 1 to 10. Default 3.</summary>
    public int TransferAttempts { get; init; } = 3;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan((int)Resolution, (int)Bh1750Resolution.Low, nameof(Resolution));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((int)Resolution, (int)Bh1750Resolution.HalfLux, nameof(Resolution));
        ArgumentOutOfRangeException.ThrowIfLessThan(MeasurementTime, Bh1750Exposure.ShortestTime);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MeasurementTime, Bh1750Exposure.LongestTime);
        ArgumentOutOfRangeException.ThrowIfLessThan(TransferAttempts, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(TransferAttempts, 10);
        if (!(CountsPerLux is >= 0.1 and <= 1.44)) { throw new ArgumentOutOfRangeException(nameof(CountsPerLux), CountsPerLux, "0.1 to 1.44."); }
    }
}
