using System.Device.Spi;

namespace Node.Sensors.Emulation;

/// <summary>A chip with an SPI bus, seen from its pins. Unless it has I2C too, it acknowledges nothing there.</summary>
public abstract class EmulatedSpiChip : EmulatedChip
{
    private protected EmulatedSpiChip(string name)
        : base(name)
    {
    }

    /// <summary>The modes that the datasheet allows. In another mode, bits are sampled at the wrong edge.</summary>
    public abstract IReadOnlyList<SpiMode> Modes { get; }

    /// <summary>The fastest clock, in hertz, at which the chip's output still keeps up.</summary>
    public abstract int MaximumClockHertz { get; }

    /// <summary>Whether it is set to answer on the line that it is written on: three wires instead of four.</summary>
    private protected virtual bool AnswersOnItsInput => false;

    /// <summary>
    /// One exchange, from the falling to the rising edge of the chip select. The chip writes into <paramref name="miso"/> only the bits that
    /// it drives; the others hold what the line floats to. Without supply it drives nothing.
    /// </summary>
    /// <param name="mosi">What the host sends; zeros while it listens on the same line.</param>
    /// <param name="miso">What the host hears.</param>
    /// <param name="clockHertz">The clock.</param>
    /// <param name="sharesLine">Whether the host sends and hears on one line, which a chip that answers on another does not reach.</param>
    internal void Exchange(ReadOnlySpan<byte> mosi, Span<byte> miso, int clockHertz, bool sharesLine)
    {
        if (!IsPowered) { return; }

        Answer(mosi, sharesLine == AnswersOnItsInput ? miso : new byte[miso.Length], clockHertz);
    }

    private protected abstract void Answer(ReadOnlySpan<byte> mosi, Span<byte> miso, int clockHertz);

    private protected override bool AcceptWrite(ReadOnlySpan<byte> bytes) => false;

    private protected override bool AcceptRead(Span<byte> bytes) => false;
}
