namespace Node.Sensors.Drivers;

/// <summary>
/// Opcodes of the BH1750FVI; each needs a transaction of its own. Source: BH1750FVI technical note 2009.04 revision B, instruction set
/// architecture and I2C bus access.
/// </summary>
internal static class Bh1750Command
{
    public const byte PowerDown = 0x00;
    public const byte PowerOn = 0x01;

    /// <summary>Sets the data register to zero; ignored while powered down.</summary>
    public const byte ResetData = 0x07;

    /// <summary>Upper three bits of the measurement time.</summary>
    public static byte MeasurementTimeHigh(int measurementTime) => (byte)(0x40 | (measurementTime >> 5));

    /// <summary>Lower five bits of the measurement time.</summary>
    public static byte MeasurementTimeLow(int measurementTime) => (byte)(0x60 | (measurementTime & 0x1F));

    /// <summary>One measurement, after which the chip powers itself down.</summary>
    public static byte Once(Bh1750Resolution resolution) => (byte)(0x20 | Bits(resolution));

    /// <summary>Measurements one after the other.</summary>
    public static byte Continuously(Bh1750Resolution resolution) => (byte)(0x10 | Bits(resolution));

    private static int Bits(Bh1750Resolution resolution) => resolution switch
    {
        Bh1750Resolution.Low => 3,
        Bh1750Resolution.HalfLux => 1,
        _ => 0,
    };
}
