using System.Device.Spi;
using System.Globalization;

namespace Node.Sensors.Emulation;

/// <summary>
/// The device class of System.Device.Gpio over an emulated board, as the one over a Pi's spidev behaves: it opens its node at the first
/// transfer, works again after it was disposed, knows 8-bit words only, and moves at most 4096 bytes an exchange. Settings are those at creation.
/// </summary>
internal sealed class EmulatedSpiDevice(EmulatedBoard board, SpiConnectionSettings settings) : SpiDevice
{
    /// <summary>The fastest clock of the Pi's controller: half the core clock of 250 MHz. A faster one is held there.</summary>
    private const uint FastestClockHertz = 125_000_000;

    private readonly SpiConnectionSettings _settings = Copy(settings);

    public override SpiConnectionSettings ConnectionSettings => Copy(_settings);

    private int ClockHertz => (int)Math.Min((uint)_settings.ClockFrequency, FastestClockHertz);

    public override void Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty) { throw new ArgumentException("A read needs room for at least one byte.", nameof(buffer)); }

        Exchange(Open(), [], buffer);
    }

    public override void Write(ReadOnlySpan<byte> buffer) => Exchange(Open(), buffer, []);

    public override void TransferFullDuplex(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
    {
        EmulatedSpiBus bus = Open();
        if (writeBuffer.Length != readBuffer.Length)
        {
            throw new ArgumentException("Both buffers of a full duplex exchange have the same length.", nameof(readBuffer));
        }

        Exchange(bus, writeBuffer, readBuffer);
    }

    private static SpiConnectionSettings Copy(SpiConnectionSettings settings) => new(settings.BusId, settings.ChipSelectLine)
    {
        Mode = settings.Mode,
        DataBitLength = settings.DataBitLength,
        ClockFrequency = settings.ClockFrequency,
        DataFlow = settings.DataFlow,
        ChipSelectLineActiveState = settings.ChipSelectLineActiveState,
    };

    private EmulatedSpiBus Open()
    {
        int line = _settings.ChipSelectLine == -1 ? 0 : _settings.ChipSelectLine; // −1 stands for no chip select, on the first node
        if (!board.TryGetSpiBus(_settings.BusId, out EmulatedSpiBus? bus) || line < 0 || line >= bus.ChipSelectCount)
        {
            throw EmulatedBusError.NoSpiBus(string.Create(CultureInfo.InvariantCulture, $"/dev/spidev{_settings.BusId}.{line}"));
        }

        if (_settings.Mode is < SpiMode.Mode0 or > SpiMode.Mode3) { throw new ArgumentException("Invalid SPI mode."); }

        if ((byte)_settings.DataBitLength is not (0 or 8)) // spidev takes 0 for 8
        {
            throw EmulatedBusError.SpiSetting(string.Create(CultureInfo.InvariantCulture, $"data bit length to {_settings.DataBitLength}"));
        }

        return _settings.ClockFrequency == 0 ? throw EmulatedBusError.SpiSetting("clock frequency to 0") : bus;
    }

    private void Exchange(EmulatedSpiBus bus, ReadOnlySpan<byte> write, Span<byte> read)
    {
        int length = Math.Max(write.Length, read.Length);
        if (length == 0) { throw EmulatedBusError.SpiTransfer(0); } // the kernel moves nothing, which the library takes for a failure

        if (length > EmulatedSpiBus.LongestExchange) { throw EmulatedBusError.SpiTransfer(EmulatedBusError.MessageTooLong); }

        Span<byte> mosi = stackalloc byte[length];
        Span<byte> miso = stackalloc byte[length];
        mosi.Clear();
        write.CopyTo(mosi);
        bus.Transfer(_settings, ClockHertz, mosi, miso);
        miso[..read.Length].CopyTo(read);
    }
}
