using System.Device.Spi;

namespace Node.Sensors.Emulation;

/// <summary>
/// What a mode or a clock that a chip does not know does to the bits. Modes 0 and 3 sample at the rising edge, 1 and 2 at the falling one. With
/// the chip's sampling edge but another idle level, the host gets the chip's bits one clock late; with the other edge, the chip gets the
/// host's late too. A clock beyond the chip's also makes its output late. The order of edges is that of any SPI timing diagram.
/// </summary>
internal static class SpiWire
{
    public static bool IsMisoLate(EmulatedSpiChip chip, SpiMode mode, int clockHertz) =>
        !chip.Modes.Contains(mode) || clockHertz > chip.MaximumClockHertz;

    public static bool IsMosiLate(EmulatedSpiChip chip, SpiMode mode) =>
        !chip.Modes.Any(known => SamplesRisingEdge(known) == SamplesRisingEdge(mode));

    /// <summary>Moves every bit one clock later; the last bit is lost and <paramref name="first"/> comes in front.</summary>
    public static void Delay(Span<byte> bytes, bool first)
    {
        int carry = first ? 0x80 : 0;
        foreach (ref byte one in bytes)
        {
            int next = (one & 1) << 7;
            one = (byte)((one >> 1) | carry);
            carry = next;
        }
    }

    /// <summary>Exchanges first and last bit and so on, in each byte: what the least significant bit first means on the wire.</summary>
    public static void Reverse(Span<byte> bytes)
    {
        foreach (ref byte one in bytes)
        {
            int mirrored = 0;
            for (int bit = 0; bit < 8; bit++) { mirrored |= ((one >> bit) & 1) << (7 - bit); }

            one = (byte)mirrored;
        }
    }

    private static bool SamplesRisingEdge(SpiMode mode) => mode is SpiMode.Mode0 or SpiMode.Mode3;
}
