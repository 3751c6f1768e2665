using System.Collections.Concurrent;
using Node.Sensors.Bus;

namespace Node.Sensors.Emulation;

/// <summary>One I2C bus: up to one chip an address, one transaction at a time. Safe for use by several threads.</summary>
public sealed class EmulatedI2cBus
{
    private readonly ConcurrentDictionary<int, EmulatedChip> _chips = new();
    private readonly Lock _wire = new();

    internal EmulatedI2cBus(int busId)
    {
        BusId = busId;
    }

    /// <summary>The number by which nodes open this bus.</summary>
    public int BusId { get; }

    /// <summary>The chips by address, at this instant.</summary>
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

    /// <summary>Writes to address 0, which reaches every chip that listens to the general call; 0x06 resets those.</summary>
    /// <returns><see langword="false"/> when no chip acknowledged.</returns>
    public bool GeneralCall(params ReadOnlySpan<byte> bytes)
    {
        bool acknowledged = false;
        lock (_wire)
        {
            foreach (EmulatedChip chip in _chips.Values)
            {
                lock (chip.Gate) { acknowledged |= chip.TryGeneralCall(bytes); }
            }
        }

        foreach (EmulatedChip chip in _chips.Values) { chip.PublishLines(); }

        return acknowledged;
    }

    internal void Write(int address, ReadOnlySpan<byte> bytes)
    {
        EmulatedChip chip;
        bool acknowledged;
        lock (_wire)
        {
            chip = Select(address);
            lock (chip.Gate) { acknowledged = chip.TryWrite(bytes); }
        }

        End(chip, acknowledged);
    }

    internal void Read(int address, Span<byte> bytes)
    {
        EmulatedChip chip;
        bool acknowledged;
        lock (_wire)
        {
            chip = Select(address);
            lock (chip.Gate) { acknowledged = chip.TryRead(bytes); }
        }

        End(chip, acknowledged);
    }

    internal void WriteRead(int address, ReadOnlySpan<byte> write, Span<byte> read)
    {
        EmulatedChip chip;
        bool acknowledged;
        lock (_wire)
        {
            chip = Select(address);
            lock (chip.Gate) { acknowledged = chip.TryWrite(write) && chip.TryRead(read); }
        }

        End(chip, acknowledged);
    }

    /// <summary>Pins change when the bus is free again, so that whoever is told of an edge may use it.</summary>
    private static void End(EmulatedChip chip, bool acknowledged)
    {
        chip.PublishLines();
        if (!acknowledged) { throw EmulatedBusError.Transfer(EmulatedBusError.RemoteInputOutput); }
    }

    private EmulatedChip Select(int address) =>
        _chips.TryGetValue(address, out EmulatedChip? chip) ? chip : throw EmulatedBusError.Transfer(EmulatedBusError.RemoteInputOutput);
}
