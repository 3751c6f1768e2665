namespace Node.Sensors.Drivers;

/// <summary>The registers of a TMP102 that the driver needs, and their bits. Source: TMP102 datasheet SBOS397, section 7.5.</summary>
internal static class Tmp102Register
{
    /// <summary>A word, big-endian: 12 bits, left-justified, of 0.0625 °C.</summary>
    public const byte Temperature = 0x00;

    /// <summary>A word, big-endian.</summary>
    public const byte Configuration = 0x01;

    /// <summary>Bit 15: written 1, begins a conversion of a chip in shutdown; reads 0 until it has ended.</summary>
    public const ushort OneShot = 0x8000;

    /// <summary>Bits 14 and 13, which always read 1: 12 bits of resolution.</summary>
    public const ushort Resolution = 0x6000;

    /// <summary>Bit 8.</summary>
    public const ushort Shutdown = 0x0100;

    /// <summary>Bits 7 and 6: four conversions a second, as after power-on. Without effect in shutdown.</summary>
    public const ushort FourPerSecond = 0x0080;

    /// <summary>Bits that say what the chip does now rather than what it was told: one-shot and alert.</summary>
    public const ushort State = OneShot | 0x0020;
}
