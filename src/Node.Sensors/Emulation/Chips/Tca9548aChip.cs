using System.Collections.Concurrent;
using Node.Sensors.Bus;

namespace Node.Sensors.Emulation;

/// <summary>
/// A TCA9548A multiplexer: one control register, whose bits connect eight channels with the bus. A write takes effect at its STOP; of
/// several bytes the last one counts. Its reset input, active low, disconnects everything and keeps it from answering while it lasts.
/// Source: TCA9548A datasheet SCPS207, chapters 8.3 to 8.6.
/// </summary>
public sealed class Tca9548aChip : EmulatedChip
{
    private const byte Control = 0;

    private readonly ConcurrentDictionary<int, EmulatedChip>[] _channels =
        [.. Enumerable.Range(0, I2cMuxChannel.ChannelCount).Select(static _ => new ConcurrentDictionary<int, EmulatedChip>())];

    private readonly RegisterMap _registers = new();
    private volatile byte _open;
    private volatile bool _inReset;

    internal Tca9548aChip(EmulatedSurroundings surroundings, EmulatedChipOptions options)
        : base("TCA9548A")
    {
        _registers.Add(Control, "control", onWrite: value => _open = value);
        if (options.ResetPin is not { } pin || surroundings.Gpio is not { } gpio) { return; }

        gpio.Drive(pin, high: true); // the datasheet asks for a pull-up, so that an undriven input does not reset
        gpio.EdgeOccurred += (_, edge) =>
        {
            if (edge.Pin == pin) { DriveReset(low: !edge.IsRising); }
        };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<RegisterDescription> Registers => _registers.Descriptions;

    /// <inheritdoc/>
    public override ChipCoverage Coverage => _registers.Cover(Name);

    /// <summary>The channels that are connected now, a bit each; none without supply.</summary>
    public byte OpenChannels => IsPowered ? _open : (byte)0;

    /// <summary>The chips behind a channel by address, at this instant.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The channel is outside 0 to 7.</exception>
    public IReadOnlyDictionary<int, EmulatedChip> ChipsOf(int channel) => At(channel);

    /// <summary>Plugs a chip in behind a channel.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The channel is outside 0 to 7 or the address outside 0x03 to 0x77.</exception>
    /// <exception cref="ArgumentException">Another chip behind this channel has the address, or the chip is a multiplexer itself.</exception>
    public void Attach(int channel, int address, EmulatedChip chip)
    {
        ArgumentNullException.ThrowIfNull(chip);
        I2cAddress.ThrowIfNotUsable(0, address);
        if (chip is Tca9548aChip) { throw new ArgumentException("A multiplexer behind a multiplexer is not supported; put it on the bus itself.", nameof(chip)); }

        if (!At(channel).TryAdd(address, chip))
        {
            throw new ArgumentException($"Channel {channel} address 0x{address:X2} is taken by a {_channels[channel][address].Name}.", nameof(address));
        }
    }

    /// <summary>Pulls a chip out.</summary>
    /// <returns><see langword="false"/> when no chip was there.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The channel is outside 0 to 7.</exception>
    public bool Detach(int channel, int address) => At(channel).TryRemove(address, out _);

    /// <summary>The chips of an address behind channels that are connected.</summary>
    internal IEnumerable<EmulatedChip> Reach(int address)
    {
        int open = OpenChannels;
        for (int channel = 0; channel < I2cMuxChannel.ChannelCount; channel++)
        {
            if (((open >> channel) & 1) != 0 && _channels[channel].TryGetValue(address, out EmulatedChip? chip)) { yield return chip; }
        }
    }

    /// <summary>Every chip behind channels that are connected.</summary>
    internal IEnumerable<EmulatedChip> Reach()
    {
        int open = OpenChannels;
        return _channels.Where((_, channel) => ((open >> channel) & 1) != 0).SelectMany(static chips => chips.Values);
    }

    private protected override bool AcceptWrite(ReadOnlySpan<byte> bytes)
    {
        if (_inReset) { return false; }

        if (!bytes.IsEmpty) { _registers.Write(Control, bytes[^1]); }

        return true;
    }

    /// <summary>Every byte of a read is the control register.</summary>
    private protected override bool AcceptRead(Span<byte> bytes)
    {
        if (_inReset) { return false; }

        bytes.Fill(_registers.Read(Control));
        return true;
    }

    private protected override void PowerOnReset()
    {
        _registers.Reset();
        _open = 0;
    }

    private void DriveReset(bool low)
    {
        lock (Gate)
        {
            _inReset = low;
            if (low) { PowerOnReset(); }
        }
    }

    private ConcurrentDictionary<int, EmulatedChip> At(int channel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(channel);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(channel, I2cMuxChannel.ChannelCount);
        return _channels[channel];
    }
}
