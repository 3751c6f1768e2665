using System.Collections.Concurrent;
using System.Device.Gpio;
using System.Device.Spi;
using System.Globalization;

namespace Node.Sensors.Emulation;

/// <summary>One SPI bus: up to one chip a chip select, one exchange at a time. Safe for use by several threads.</summary>
public sealed class EmulatedSpiBus
{
    /// <summary>The buffer of spidev: its module parameter bufsiz.</summary>
    internal const int LongestExchange = 4096;

    private readonly ConcurrentDictionary<int, EmulatedSpiChip> _chips = new();
    private readonly Lock _wire = new();
    private readonly SpiFaultCourse? _course;
    private double _seconds;
    private long _exchanges;

    internal EmulatedSpiBus(int busId, SpiFaultCourse? course = null)
    {
        _course = course;
        ArgumentOutOfRangeException.ThrowIfNegative(busId);
        BusId = busId;
    }

    /// <summary>The number by which nodes open this bus.</summary>
    public int BusId { get; }

    /// <summary>How many chip selects it has, as on a Pi: 2 on bus 0 and 3 on the others.</summary>
    public int ChipSelectCount => SelectsOf(BusId);

    /// <summary>The chips by chip select, at this instant.</summary>
    public IReadOnlyDictionary<int, EmulatedSpiChip> Chips => _chips;

    /// <summary>Whether the line from the chips reads high while no chip drives it. Default <see langword="true"/>.</summary>
    public bool FloatsHigh { get; set; } = true;

    /// <summary>A short of the line from the chips: <see langword="true"/> to the supply, <see langword="false"/> to ground, <see langword="null"/> for none.</summary>
    public bool? MisoStuck { get; set; }

    /// <summary>Exchanges since the board was switched on.</summary>
    public long Exchanges
    {
        get
        {
            lock (_wire) { return _exchanges; }
        }
    }

    /// <summary>How long the clock has run: the bits of every exchange at its clock frequency. An exchange itself takes no time of the board.</summary>
    public TimeSpan ClockedTime
    {
        get
        {
            lock (_wire) { return TimeSpan.FromSeconds(_seconds); }
        }
    }

    /// <summary>Plugs a chip in; devices that are open at this chip select talk to it from now on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bus has no such chip select.</exception>
    /// <exception cref="ArgumentException">Another chip has it.</exception>
    public void Attach(int chipSelect, EmulatedSpiChip chip)
    {
        ArgumentNullException.ThrowIfNull(chip);
        ArgumentOutOfRangeException.ThrowIfNegative(chipSelect);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(chipSelect, ChipSelectCount);
        if (!_chips.TryAdd(chipSelect, chip))
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"SPI bus {BusId} chip select {chipSelect} is taken by a {_chips[chipSelect].Name}."), nameof(chipSelect));
        }
    }

    /// <summary>Pulls the chip out; nothing drives the line when its chip select is active.</summary>
    /// <returns><see langword="false"/> when no chip was there.</returns>
    public bool Detach(int chipSelect) => _chips.TryRemove(chipSelect, out _);

    /// <summary>
    /// One exchange of a host that has a single data line (SPI_3WIRE of Linux): it sends, then lets go of the line and listens, all under one
    /// chip select. Only a chip that is set to three wires answers there; of any other the line tells nothing.
    /// </summary>
    /// <param name="settings">Chip select, mode, order of bits and clock.</param>
    /// <param name="send">What the host sends.</param>
    /// <param name="receive">What it hears afterwards.</param>
    /// <exception cref="ArgumentException">The clock is not above zero, or the exchange has no bytes or more than 4,096.</exception>
    /// <exception cref="IOException">A fault of the board befell the exchange; the text begins with the error number.</exception>
    public void ExchangeOnOneLine(SpiConnectionSettings settings, ReadOnlySpan<byte> send, Span<byte> receive)
    {
        ArgumentNullException.ThrowIfNull(settings);
        int length = send.Length + receive.Length;
        if (length is 0 or > LongestExchange) { throw new ArgumentException($"An exchange has 1 to {LongestExchange} bytes, not {length}.", nameof(receive)); }

        if (settings.ClockFrequency <= 0) { throw new ArgumentException("A clock must be above zero.", nameof(settings)); }

        byte[] line = new byte[length];
        byte[] heard = new byte[length];
        send.CopyTo(line);
        Transfer(settings, settings.ClockFrequency, line, heard, sharesLine: true);
        heard.AsSpan(send.Length).CopyTo(receive);
    }

    /// <summary>One exchange with the settings of an opened node. Both spans have the same length; <paramref name="mosi"/> is used up.</summary>
    internal void Transfer(SpiConnectionSettings settings, int clockHertz, Span<byte> mosi, Span<byte> miso, bool sharesLine = false)
    {
        _course?.Settle();
        EmulatedSpiChip? chip = Selected(settings);
        int errno = 0;
        lock (_wire)
        {
            _exchanges++;
            _seconds += mosi.Length * 8.0 / clockHertz;
            miso.Fill(FloatsHigh ? (byte)0xFF : (byte)0x00);
            if (chip is not null) { errno = Exchange(chip, settings, clockHertz, mosi, miso, sharesLine); }

            if (MisoStuck is { } high) { miso.Fill(high ? (byte)0xFF : (byte)0x00); }
        }

        chip?.PublishLines();
        if (errno != 0) { throw EmulatedBusError.SpiTransfer(errno); }
    }

    /// <summary>How many chip selects a bus of this number has on a Pi.</summary>
    internal static int SelectsOf(int busId) => busId == 0 ? 2 : 3;

    private int Exchange(EmulatedSpiChip chip, SpiConnectionSettings settings, int clockHertz, Span<byte> mosi, Span<byte> miso, bool sharesLine)
    {
        bool reversed = settings.DataFlow == DataFlow.LsbFirst;
        if (reversed) { SpiWire.Reverse(mosi); }

        if (SpiWire.IsMosiLate(chip, settings.Mode)) { SpiWire.Delay(mosi, first: false); }

        lock (chip.Gate)
        {
            if (_course?.Begin(chip, mosi) is { } errno and not 0) { return errno; }

            chip.Exchange(mosi, miso, clockHertz, sharesLine);
            _course?.End(chip, miso);
        }

        if (SpiWire.IsMisoLate(chip, settings.Mode, clockHertz)) { SpiWire.Delay(miso, FloatsHigh); }

        if (reversed) { SpiWire.Reverse(miso); }

        return 0;
    }

    /// <summary>The chips' selects are active low, so a node that is set to active high leaves its chip unselected during the exchange.</summary>
    private EmulatedSpiChip? Selected(SpiConnectionSettings settings) =>
        settings.ChipSelectLineActiveState == PinValue.Low && _chips.TryGetValue(settings.ChipSelectLine, out EmulatedSpiChip? chip) ? chip : null;
}
