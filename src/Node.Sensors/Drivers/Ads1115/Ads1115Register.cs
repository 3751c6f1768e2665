namespace Node.Sensors.Drivers;

/// <summary>Register addresses and bits of the ADS1115: words, sent high byte first. Source: ADS1115 datasheet SBAS444, register map.</summary>
internal static class Ads1115Register
{
    public const byte Conversion = 0x00;
    public const byte Config = 0x01;
    public const byte LowThreshold = 0x02;
    public const byte HighThreshold = 0x03;

    /// <summary>Config bit 15. Written: begin a conversion. Read: no conversion runs.</summary>
    public const ushort OperationalStatus = 0x8000;

    /// <summary>Config bit 8: one conversion on demand, then power-down.</summary>
    public const ushort SingleShot = 0x0100;

    /// <summary>Config bits 1:0: the ALERT/RDY pin is asserted after one conversion.</summary>
    public const ushort PinAfterOneConversion = 0x0000;

    /// <summary>Config bits 1:0: the ALERT/RDY pin is off.</summary>
    public const ushort PinOff = 0x0003;

    /// <summary>
    /// Thresholds whose highest bits are crossed over make ALERT/RDY the conversion-ready line. No power-on state has them, so they are also
    /// the mark by which the driver sees that the chip has kept its power.
    /// </summary>
    public const ushort ReadyLineLowThreshold = 0x0000;
    public const ushort ReadyLineHighThreshold = 0x8000;
}
