using System.Collections.Immutable;

namespace Node.Sensors.Emulation;

/// <summary>
/// What a fault plan does to one chip: to its transfers, to the world it measures, to its pace. Asked by its bus for one transfer at a time.
/// </summary>
internal sealed class ChipFaults(FaultPlan plan, string name, int? i2cBus, int? spiBus)
{
    private const int RemoteInputOutput = 121;
    private const int TimedOut = 110;
    private const int InputOutput = 5;
    private const double UsualFlips = 0.01;

    private readonly FaultDice _dice = new(plan.Seed, name);
    private readonly Lock _cache = new();
    private ImmutableArray<BusFault> _of;
    private BusFault[] _mine = [];
    private long _transfer;
    private bool _acted;

    /// <summary>The chip's name on its board.</summary>
    public string Name => name;

    /// <summary>The I2C bus that the chip hangs on; <see langword="null"/> for one on SPI.</summary>
    public int? I2cBus => i2cBus;

    /// <summary>How much longer transfers took because the chip held the clock.</summary>
    public TimeSpan StretchedTime { get; private set; }

    /// <summary>The plan's faults that concern this chip.</summary>
    public IReadOnlyList<BusFault> Mine
    {
        get
        {
            ImmutableArray<BusFault> now = plan.Snapshot;
            lock (_cache)
            {
                if (_of != now)
                {
                    _of = now;
                    _mine = [.. now.Where(fault => fault.Concerns(name, i2cBus, spiBus))];
                }

                return _mine;
            }
        }
    }

    /// <summary>Whether the next transfer is the plan's business: it concerns this chip, or did at the last one and has something to put right.</summary>
    public bool TakesPart()
    {
        bool acted = _acted;
        _acted = Mine.Count > 0;
        return acted || _acted;
    }

    /// <summary>A transfer begins.</summary>
    /// <returns>The errno that it ends with before the chip sees anything of it, or 0.</returns>
    public int Begin(TimeSpan now)
    {
        _transfer++;
        for (int i = 0; i < Mine.Count; i++)
        {
            BusFault fault = Mine[i];
            if (!Hits(fault, i, now)) { continue; }

            int errno = fault.Kind switch
            {
                BusFaultKind.NoAcknowledge when spiBus is null => fault.Errno ?? RemoteInputOutput,
                BusFaultKind.Timeout => fault.Errno ?? TimedOut,
                BusFaultKind.Error => fault.Errno ?? InputOutput,
                BusFaultKind.ClockStretch when spiBus is null => HoldClock(fault),
                _ => 0,
            };
            if (errno != 0) { return errno; }
        }

        return 0;
    }

    /// <summary>How many bytes of a write the chip takes before it refuses one; <see langword="null"/> for all.</summary>
    public (int Bytes, int Errno)? Refusal(TimeSpan now, int length)
    {
        for (int i = 0; i < Mine.Count; i++)
        {
            BusFault fault = Mine[i];
            if (fault.Kind == BusFaultKind.NoAcknowledgeAtByte && fault.ByteIndex < length && Hits(fault, i, now))
            {
                return (fault.ByteIndex, fault.Errno ?? RemoteInputOutput);
            }
        }

        return null;
    }

    /// <summary>What the identity register shows, or <see langword="null"/> for the truth.</summary>
    public byte? Id(TimeSpan now) => Find(BusFaultKind.WrongId, now)?.Id;

    /// <summary>Bits change between host and chip.</summary>
    /// <param name="now">The instant.</param>
    /// <param name="bytes">What travels; changed in place.</param>
    /// <param name="direction">Which way.</param>
    public void Disturb(TimeSpan now, Span<byte> bytes, FlipDirection direction)
    {
        for (int i = 0; i < Mine.Count; i++)
        {
            BusFault fault = Mine[i];
            if (!fault.IsActiveAt(now)) { continue; }

            if (fault.Kind == BusFaultKind.BitFlips && (fault.Direction == direction || fault.Direction == FlipDirection.Both)) { Flip(bytes, fault, (i << 2) | (int)direction); }

            if (fault.Kind == BusFaultKind.ChecksumErrors && direction == FlipDirection.Read && Hits(fault, i, now)) { SpoilChecksums(bytes, i); }
        }
    }

    /// <summary>The world as this chip measures it.</summary>
    public double Measured(string quantity, Stimulus truth, TimeSpan at)
    {
        double value = truth.At(Instant(at));
        foreach (BusFault fault in Mine)
        {
            if (!fault.IsActiveAt(at) || (fault.Quantity is { } one && one != quantity)) { continue; }

            if (fault.Kind == BusFaultKind.Drift) { value += fault.PerHour * (at - fault.At).TotalHours; }

            if (fault.Kind == BusFaultKind.Saturation) { value = fault.IsHigh ? AmbientQuantity.BeyondEverything : -AmbientQuantity.BeyondEverything; }
        }

        return value;
    }

    /// <summary>The moment whose world the chip shows: with a stale value that of the fault's beginning.</summary>
    public TimeSpan Instant(TimeSpan at) => Find(BusFaultKind.StaleValue, at)?.At ?? at;

    /// <summary>How long a conversion takes that begins now.</summary>
    public TimeSpan Slowed(TimeSpan duration, TimeSpan now) => Find(BusFaultKind.SlowConversion, now) is { } slow ? duration * slow.Factor : duration;

    private BusFault? Find(BusFaultKind kind, TimeSpan now)
    {
        foreach (BusFault fault in Mine)
        {
            if (fault.Kind == kind && fault.IsActiveAt(now)) { return fault; }
        }

        return null;
    }

    private bool Hits(BusFault fault, int index, TimeSpan now) =>
        fault.IsActiveAt(now) && (fault.Probability is not { } probability || _dice.Draw(_transfer, index << 2) < probability);

    private int HoldClock(BusFault fault)
    {
        if (fault.Stretch > BusFault.ControllerPatience) { return fault.Errno ?? TimedOut; }

        StretchedTime += fault.Stretch;
        return 0;
    }

    private void Flip(Span<byte> bytes, BusFault fault, int purpose)
    {
        double probability = fault.Probability ?? UsualFlips;
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            if (_dice.Draw(_transfer, ((bit + 1) << 8) | purpose) < probability) { bytes[bit >> 3] ^= (byte)(0x80 >> (bit & 7)); }
        }
    }

    /// <summary>Every third byte is the checksum of the two before it.</summary>
    private void SpoilChecksums(Span<byte> bytes, int index)
    {
        for (int i = 2; i < bytes.Length; i += 3) { bytes[i] ^= (byte)(1 << (int)(8 * _dice.Draw(_transfer, (i << 8) | index))); }
    }
}
