namespace Node.Sensors.Drivers;

/// <summary>Commands of the SCD41. Source: SCD4x datasheet version 1.4, table 9 and sections 3.5 to 3.10.</summary>
internal static class Scd41Command
{
    public const ushort StartPeriodic = 0x21B1;
    public const ushort StartLowPowerPeriodic = 0x21AC;
    public const ushort ReadMeasurement = 0xEC05;
    public const ushort StopPeriodic = 0x3F86;
    public const ushort DataReady = 0xE4B8;
    public const ushort MeasureSingleShot = 0x219D;

    public const ushort SetTemperatureOffset = 0x241D;
    public const ushort GetTemperatureOffset = 0x2318;
    public const ushort SetAltitude = 0x2427;
    public const ushort GetAltitude = 0x2322;
    public const ushort SetSelfCalibration = 0x2416;
    public const ushort GetSelfCalibration = 0x2313;

    /// <summary>With an argument it sets, without one it gets.</summary>
    public const ushort AmbientPressure = 0xE000;

    public const ushort ForcedRecalibration = 0x362F;
    public const ushort PersistSettings = 0x3615;
    public const ushort SelfTest = 0x3639;
    public const ushort Reinitialize = 0x3646;
    public const ushort SerialNumber = 0x3682;
    public const ushort Variant = 0x202F;

    /// <summary>Never acknowledged; section 3.10.4.</summary>
    public const ushort WakeUp = 0x36F6;

    /// <summary>Data are ready when one of the lower eleven bits is set; section 3.8.2.</summary>
    public const ushort DataReadyBits = 0x07FF;

    /// <summary>Bits 15:12 of the variant word, and what they are in an SCD41.</summary>
    public const int VariantShift = 12;
    public const int VariantOfScd41 = 1;

    /// <summary>Forced recalibration answers this when it failed, else the correction plus <see cref="NoCorrection"/>; section 3.7.1.</summary>
    public const ushort RecalibrationFailed = 0xFFFF;
    public const ushort NoCorrection = 0x8000;
}
