using System.Device.Spi;

namespace Node.Sensors.Emulation;

/// <summary>
/// An ADXL345 at register level, with its FIFO, its motion detection and its two interrupt outputs. On SPI the first byte of an exchange is
/// read bit, burst bit and register; without the burst bit every further byte means the same register. With DATA_FORMAT's SPI bit set it
/// answers on the line that it is written on. On I2C the first byte of a write is the register, which outlives STOP, and both directions run
/// on. Reading DATAX0 to DATAZ1 takes one level of the FIFO at the end of the exchange. There is no soft reset. Source: ADXL345 datasheet,
/// rev. E.
/// </summary>
public sealed class Adxl345Chip : EmulatedSpiChip
{
    private const int ThreeWire = 0x40;

    private readonly Adxl345Core _core;
    private byte _pointer;

    internal Adxl345Chip(EmulatedSurroundings surroundings, int seed, EmulatedChipOptions options)
        : base("ADXL345")
    {
        _core = new Adxl345Core(surroundings, seed, options, Wake);
        PowerOnReset();
        PublishLines();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<RegisterDescription> Registers => _core.Registers.Descriptions;

    /// <inheritdoc/>
    public override ChipCoverage Coverage => _core.Registers.Cover(Name);

    /// <inheritdoc/>
    public override IReadOnlyList<SpiMode> Modes { get; } = [SpiMode.Mode3];

    /// <inheritdoc/>
    public override int MaximumClockHertz => 5_000_000;

    private protected override bool AnswersOnItsInput => (_core.Registers[Adxl345Core.DataFormat] & ThreeWire) != 0;

    internal override void PublishLines() => _core.TellLines();

    internal override void ShowId(byte? id) => _core.Registers.Show(0x00, id);

    private protected override void Answer(ReadOnlySpan<byte> mosi, Span<byte> miso, int clockHertz)
    {
        _core.Begin();
        bool reads = (mosi[0] & 0x80) != 0;
        int step = (mosi[0] & 0x40) != 0 ? 1 : 0;
        int address = mosi[0] & 0x3F;
        for (int i = 1; i < mosi.Length; i++, address = (address + step) & 0x3F)
        {
            if (reads) { miso[i] = _core.Read((byte)address); }
            else { _core.Registers.Write((byte)address, mosi[i]); }
        }

        _core.End();
    }

    private protected override bool AcceptWrite(ReadOnlySpan<byte> bytes)
    {
        _core.Begin();
        if (bytes.IsEmpty) { return true; }

        _pointer = bytes[0];
        byte address = _pointer;
        foreach (byte value in bytes[1..]) { _core.Registers.Write(address++, value); }

        _core.End();
        return true;
    }

    private protected override bool AcceptRead(Span<byte> bytes)
    {
        _core.Begin();
        byte address = _pointer;
        foreach (ref byte value in bytes) { value = _core.Read(address++); }

        _core.End();
        return true;
    }

    private protected override void PowerOnReset()
    {
        _core.PowerOnReset();
        _pointer = 0;
    }

    private protected override void PowerLost() => _core.LetGoOfLines();

    private void Wake()
    {
        lock (Gate)
        {
            if (!IsPowered) { return; }

            _core.Begin();
            _core.End();
        }

        PublishLines();
    }
}
