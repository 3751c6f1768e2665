namespace Node.Sensors.Emulation;

/// <summary>
/// Switches the chips of a board off and on as the fault plan says: brown-outs, and chips pulled out and put in again. It looks at the plan
/// before every transfer, and by a timer when nobody transfers. Safe for use by several threads.
/// </summary>
internal sealed class SupplyCourse : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);
    private static readonly TimeSpan Soonest = TimeSpan.FromMilliseconds(1);

    private readonly List<Watched> _chips = [];
    private readonly Lock _lock = new();
    private readonly EmulatedSurroundings _surroundings;
    private readonly FaultPlan _plan;
    private readonly ITimer _timer;

    public SupplyCourse(EmulatedSurroundings surroundings, FaultPlan plan)
    {
        _surroundings = surroundings;
        _plan = plan;
        _timer = surroundings.CreateTimer(Settle);
        plan.Changed += OnChanged;
    }

    public void Watch(EmulatedChip chip, ChipFaults faults)
    {
        lock (_lock) { _chips.Add(new Watched(chip, faults)); }
    }

    /// <summary>Does what is due. Chips are switched outside the lock, because whoever is told of their pins may use the bus.</summary>
    public void Settle()
    {
        if (_plan.Snapshot.IsEmpty && !_chips.Exists(static one => one.IsOff)) { return; }

        List<Action> due = [];
        lock (_lock)
        {
            TimeSpan now = _surroundings.Elapsed;
            TimeSpan? next = null;
            foreach (Watched one in _chips) { one.Collect(now, due, ref next); }

            _timer.Change(next is { } at ? Wait(at - now) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        foreach (Action action in due) { action(); }
    }

    public void Dispose()
    {
        _plan.Changed -= OnChanged;
        _timer.Dispose();
    }

    private void OnChanged(object? sender, EventArgs nothing) => Settle();

    private static TimeSpan Wait(TimeSpan wait) => wait < Soonest ? Soonest : wait > LongestWait ? LongestWait : wait;

    private sealed class Watched(EmulatedChip chip, ChipFaults faults)
    {
        private readonly HashSet<BusFault> _begun = [];

        /// <summary>Whether this course has switched the chip off.</summary>
        public bool IsOff { get; private set; }

        public void Collect(TimeSpan now, List<Action> due, ref TimeSpan? next)
        {
            bool off = false;
            foreach (BusFault fault in faults.Mine)
            {
                if (fault.Kind is not (BusFaultKind.BrownOut or BusFaultKind.Unplug)) { continue; }

                TimeSpan end = fault.Kind == BusFaultKind.BrownOut && fault.Duration is null ? fault.At : fault.End;
                off |= now >= fault.At && now < end;
                if (now >= fault.At && _begun.Add(fault) && now >= end && !IsOff) { due.Add(chip.BrownOut); } // over before anybody looked

                TimeSpan change = now < fault.At ? fault.At : end;
                if (change > now && (next is null || change < next)) { next = change; }
            }

            if (off == IsOff) { return; }

            IsOff = off;
            due.Add(() => chip.IsPowered = !off);
        }
    }
}
