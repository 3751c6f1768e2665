namespace Node.Sensors.Emulation;

/// <summary>
/// What an emulated SCD41 can be told, as words. One such record is in force, another in the memory that outlives the supply; the ambient
/// pressure is never stored. Source: SCD4x datasheet version 1.4, sections 3.6, 3.7 and 3.9.1;
/// target and periods of the self-calibration from version 1.5.
/// </summary>
/// <param name="TemperatureOffset">In steps of 175/65,535 °C.</param>
/// <param name="Altitude">In metres.</param>
/// <param name="SelfCalibration">1 or 0.</param>
/// <param name="CalibrationTarget">What the lowest value of a calibration period is taken for, in ppm.</param>
/// <param name="InitialPeriod">Hours from the start to the first self-calibration.</param>
/// <param name="StandardPeriod">Hours from one self-calibration to the next.</param>
/// <param name="Pressure">In hectopascals; <see langword="null"/> when the altitude counts.</param>
internal sealed record Scd41Memory(int TemperatureOffset, int Altitude, int SelfCalibration, int CalibrationTarget, int InitialPeriod, int StandardPeriod, int? Pressure = null)
{
    /// <summary>The pressure that a chip tells which was told none.</summary>
    private const int UsualPressure = 1013;

    /// <summary>4 °C, sea level, self-calibration on, to 400 ppm after 44 hours and then every 156.</summary>
    public static Scd41Memory Factory { get; } = new(1498, 0, 1, 400, 44, 156);

    public int ShownPressure => Pressure ?? UsualPressure;

    /// <summary>What the chip takes the air pressure for: the one it was told, or the standard atmosphere's at its altitude (ISO 2533).</summary>
    public double AssumedPascals => Pressure is { } hectopascals ? hectopascals * 100.0 : 101_325.0 * Math.Pow(1.0 - (Altitude / 44_330.77), 5.25588);
}
