namespace Node.Sensors.Emulation;

/// <summary>
/// Whether the data line of one I2C bus is held low, and the clock pulses that free it: a chip in the middle of sending a byte lets go after
/// at most nine. Safe for use by several threads.
/// </summary>
/// <param name="plan">The board's faults.</param>
/// <param name="busId">The bus's number.</param>
/// <param name="hasChip">Whether a chip of this name is on the bus: one that holds the line stops no other bus.</param>
internal sealed class StuckLine(FaultPlan plan, int busId, Func<string, bool> hasChip)
{
    private const int PulsesThatFree = 9;

    private readonly HashSet<BusFault> _freed = [];
    private readonly Lock _lock = new();
    private int _pulses;

    /// <summary>The errno of every transfer while the line is held, or 0.</summary>
    public int Errno(TimeSpan now)
    {
        foreach (BusFault fault in plan.Snapshot)
        {
            if (Holds(fault, now)) { return fault.Errno ?? 110; }
        }

        return 0;
    }

    /// <summary>One pulse of the clock line that is no transfer's.</summary>
    public void Pulse(TimeSpan now)
    {
        lock (_lock)
        {
            BusFault[] holding = [.. plan.Snapshot.Where(fault => Holds(fault, now))];
            _pulses = holding.Length == 0 ? 0 : _pulses + 1;
            if (_pulses < PulsesThatFree) { return; }

            _pulses = 0;
            _freed.UnionWith(holding.Where(static fault => fault.EndsWithPulses));
        }
    }

    private bool Holds(BusFault fault, TimeSpan now)
    {
        if (fault.Kind != BusFaultKind.StuckBus || !fault.IsActiveAt(now) || !IsOurs(fault)) { return false; }

        lock (_lock) { return !_freed.Contains(fault); }
    }

    private bool IsOurs(BusFault fault) =>
        fault.Chip is { } chip ? hasChip(chip)
        : fault.I2cBus is { } bus ? bus == busId
        : fault.SpiBus is null;
}
