namespace Node.Sensors.Emulation;

/// <summary>The bits of INT_SOURCE, and with them of INT_ENABLE and INT_MAP. Source: ADXL345 datasheet, rev. E, register 0x30.</summary>
internal static class Adxl345Source
{
    public const byte DataReady = 0x80;
    public const byte SingleTap = 0x40;
    public const byte DoubleTap = 0x20;
    public const byte Activity = 0x10;
    public const byte Inactivity = 0x08;
    public const byte FreeFall = 0x04;
    public const byte Watermark = 0x02;
    public const byte Overrun = 0x01;

    /// <summary>The functions that stay set until INT_SOURCE is read.</summary>
    public const byte Latched = SingleTap | DoubleTap | Activity | Inactivity | FreeFall;
}
