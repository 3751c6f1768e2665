using System.Collections.Concurrent;
using Node.Sensors.Bus;

namespace Node.Sensors.Emulation;

/// <summary>
/// One I2C bus: up to one chip an address, multiplexers with further chips behind them, one transaction at a time. Where several chips
/// answer to one address, because a channel was left open, all hear what is written and what is read is the bits that none pulls low. Safe
/// for use by several threads.
/// </summary>
public sealed class EmulatedI2cBus
{
    /// <summary>Where a host asks which chip pulls the alert line; SMBus 3.2, section 5.2 and appendix A.</summary>
    private const int AlertResponseAddress = 0x0C;

    private readonly ConcurrentDictionary<int, EmulatedChip> _chips = new();
    private readonly Lock _wire = new();
    private readonly I2cFaultCourse? _course;

    internal EmulatedI2cBus(int busId, I2cFaultCourse? course = null)
    {
        BusId = busId;
        _course = course;
    }

    /// <summary>The number by which nodes open this bus.</summary>
    public int BusId { get; }

    /// <summary>The chips on the bus itself by address, at this instant; a multiplexer tells of those behind it.</summary>
    public IReadOnlyDictionary<int, EmulatedChip> Chips => _chips;

    /// <summary>Plugs a chip in; devices that are open at this address talk to it from now on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The address is outside 0x03 to 0x77.</exception>
    /// <exception cref="ArgumentException">Another chip has this address.</exception>
    public void Attach(int address, EmulatedChip chip)
    {
        ArgumentNullException.ThrowIfNull(chip);
        I2cAddress.ThrowIfNotUsable(BusId, address);
        if (!_chips.TryAdd(address, chip))
        {
            throw new ArgumentException($"{I2cAddress.Place(BusId, address)} is taken by a {_chips[address].Name}.", nameof(address));
        }
    }

    /// <summary>Pulls the chip out; transfers to its address are no longer acknowledged.</summary>
    /// <returns><see langword="false"/> when no chip was there.</returns>
    public bool Detach(int address) => _chips.TryRemove(address, out _);

    /// <summary>
    /// Clocks the bus without a transfer, as one does at its pins to make a chip let go of the data line; nine pulses free a stuck bus. On a
    /// board, pulses on the clock's pin (GPIO 3 for bus 1, GPIO 1 for bus 0) count too.
    /// </summary>
    public void Pulse(int count = 9)
    {
        for (int i = 0; i < count; i++) { _course?.Pulse(); }
    }

    /// <summary>Writes to address 0, which reaches every chip that listens to the general call; 0x06 resets those.</summary>
    /// <returns><see langword="false"/> when no chip acknowledged.</returns>
    public bool GeneralCall(params ReadOnlySpan<byte> bytes)
    {
        bool acknowledged = false;
        EmulatedChip[] reached;
        lock (_wire)
        {
            reached = [.. Reachable()];
            foreach (EmulatedChip chip in reached)
            {
                lock (chip.Gate) { acknowledged |= chip.TryGeneralCall(bytes); }
            }
        }

        foreach (EmulatedChip chip in reached) { chip.PublishLines(); }

        return acknowledged;
    }

    internal void Write(int address, ReadOnlySpan<byte> bytes) => Transfer(address, writes: true, bytes, []);

    internal void Read(int address, Span<byte> bytes) => Transfer(address, writes: false, [], bytes);

    internal void WriteRead(int address, ReadOnlySpan<byte> write, Span<byte> read) => Transfer(address, writes: true, write, read);

    /// <summary>Pins change when the bus is free again, so that whoever is told of an edge may use it.</summary>
    private void Transfer(int address, bool writes, ReadOnlySpan<byte> write, Span<byte> read)
    {
        _course?.Settle();
        EmulatedChip[] chips;
        int errno;
        lock (_wire)
        {
            chips = [.. Find(address)];
            errno = _course?.Stuck() ?? 0;
            if (errno == 0)
            {
                errno = chips.Length switch
                {
                    0 when address == AlertResponseAddress && !writes => AnswerAlert(read, out chips),
                    0 => EmulatedBusError.RemoteInputOutput,
                    1 => Exchange(chips[0], writes, write, read),
                    _ => ExchangeWithAll(chips, writes, write, read),
                };
            }
        }

        foreach (EmulatedChip chip in chips) { chip.PublishLines(); }

        if (errno != 0) { throw EmulatedBusError.Transfer(errno); }
    }

    /// <summary>Of several chips that assert, the one with the lowest address wins the bus; the others go on asserting.</summary>
    private int AnswerAlert(Span<byte> read, out EmulatedChip[] asked)
    {
        asked = [];
        foreach ((int address, EmulatedChip chip) in _chips.OrderBy(static one => one.Key))
        {
            lock (chip.Gate)
            {
                if (!chip.TryAlertResponse()) { continue; }
            }

            asked = [chip];
            read.Fill(0xFF);
            read[0] = (byte)(address << 1);
            return 0;
        }

        return EmulatedBusError.RemoteInputOutput;
    }

    private int Exchange(EmulatedChip chip, bool writes, ReadOnlySpan<byte> write, Span<byte> read)
    {
        lock (chip.Gate)
        {
            if (chip.Faults is { } faults && _course is not null && faults.TakesPart()) { return _course.Exchange(chip, faults, writes, write, read); }

            return (!writes || chip.TryWrite(write)) && (read.IsEmpty || chip.TryRead(read)) ? 0 : EmulatedBusError.RemoteInputOutput;
        }
    }

    private int ExchangeWithAll(EmulatedChip[] chips, bool writes, ReadOnlySpan<byte> write, Span<byte> read)
    {
        int errno = EmulatedBusError.RemoteInputOutput;
        byte[] one = new byte[read.Length];
        read.Fill(0xFF);
        foreach (EmulatedChip chip in chips)
        {
            if (Exchange(chip, writes, write, one) != 0) { continue; }

            errno = 0;
            for (int i = 0; i < one.Length; i++) { read[i] &= one[i]; }
        }

        return errno;
    }

    private IEnumerable<EmulatedChip> Find(int address)
    {
        if (_chips.TryGetValue(address, out EmulatedChip? chip)) { yield return chip; }

        foreach (Tca9548aChip mux in _chips.Values.OfType<Tca9548aChip>())
        {
            foreach (EmulatedChip behind in mux.Reach(address)) { yield return behind; }
        }
    }

    private IEnumerable<EmulatedChip> Reachable() => _chips.Values.Concat(_chips.Values.OfType<Tca9548aChip>().SelectMany(static mux => mux.Reach()));
}
