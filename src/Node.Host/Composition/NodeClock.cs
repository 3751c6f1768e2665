namespace Node.Host.Composition;

/// <summary>
/// The node's time: the source of all instants, whether its wall clock can be believed, and how long the process has run. A Pi has no
/// battery clock: it starts in 1970, or at its last shutdown, until the network tells the time. Any thread.
/// </summary>
internal sealed class NodeClock
{
    private static readonly DateTimeOffset Earliest = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan LeastStep = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly DateTimeOffset _earliestPlausible;
    private readonly Func<bool> _isDisciplined;
    private readonly bool _isBoard;
    private readonly long _startedAt;
    private readonly TimeSpan _ranBefore;
    private TimeSpan? _offset; // UTC less the monotonic clock, when it first was right.
    private TimeSpan _lastOffset;

    /// <summary>Starts the node's clock.</summary>
    /// <param name="time">Source of all instants.</param>
    /// <param name="builtAt">When the program was built: no reading can be older.</param>
    /// <param name="ranBefore">How long the process had run already.</param>
    /// <param name="isDisciplined">Whether the kernel's clock was set by a time service; null asks nobody and believes it.</param>
    /// <param name="isBoard">Whether the machine is a board that may lack a battery clock.</param>
    public NodeClock(TimeProvider time, DateTimeOffset builtAt, TimeSpan ranBefore, Func<bool>? isDisciplined = null, bool isBoard = false)
    {
        Time = time;
        Steady = new SteadyTime(this);
        _earliestPlausible = builtAt > Earliest ? builtAt : Earliest;
        _isDisciplined = isDisciplined ?? (static () => true);
        _isBoard = isBoard;
        _startedAt = time.GetTimestamp();
        _ranBefore = ranBefore;
    }

    public TimeProvider Time { get; }

    /// <summary>
    /// The same time source, whose wall clock no step can carry forward: once the clock was right it goes on with the monotonic one, unless
    /// the wall clock lags behind it. For what must not expire too early.
    /// </summary>
    public TimeProvider Steady { get; }

    /// <summary>What makes the wall clock believable. Set before the node starts.</summary>
    public ClockTrust Trust { get; set; }

    /// <summary>Called once, from whichever thread notices it first, when the clock is known to be right: UTC less the monotonic clock.</summary>
    public Action<TimeSpan>? BecameRight { get; set; }

    /// <summary>Called when the wall clock moved against the monotonic one by more than two seconds: by how much.</summary>
    public Action<TimeSpan>? Stepped { get; set; }

    public DateTimeOffset UtcNow => Time.GetUtcNow();

    /// <summary>Whether the wall clock shows a time that can be: not before 2025 and not before this program was built.</summary>
    public bool IsPlausible => UtcNow >= _earliestPlausible;

    /// <summary>Whether the wall clock is known to be right.</summary>
    public bool IsTimeSynced => IsPlausible && (!NeedsDiscipline || _isDisciplined());

    /// <summary>Time since the process started, on the monotonic clock.</summary>
    public TimeSpan Uptime => _ranBefore + Time.GetElapsedTime(_startedAt);

    private bool NeedsDiscipline => Trust == ClockTrust.Ntp || (Trust == ClockTrust.Auto && _isBoard);

    /// <summary>The present instant on both clocks, and whether the wall clock's can be believed. Notices when that has changed.</summary>
    public ClockStamp Stamp()
    {
        var stamp = new ClockStamp(UtcNow, IsTimeSynced, Time.GetElapsedTime(0));
        Observe(stamp);
        return stamp;
    }

    private void Observe(ClockStamp stamp)
    {
        TimeSpan offset = stamp.At - DateTimeOffset.UnixEpoch - stamp.Monotonic;
        bool becameRight;
        TimeSpan step;
        lock (_gate)
        {
            becameRight = stamp.IsSynced && _offset is null;
            step = _offset is null ? TimeSpan.Zero : offset - _lastOffset;
            if (becameRight)
            {
                _offset = offset;
            }

            _lastOffset = offset;
        }

        if (becameRight)
        {
            BecameRight?.Invoke(offset);
        }
        else if (step.Duration() > LeastStep)
        {
            Stepped?.Invoke(step);
        }
    }

    private sealed class SteadyTime(NodeClock clock) : TimeProvider
    {
        public override long TimestampFrequency => clock.Time.TimestampFrequency;

        public override TimeZoneInfo LocalTimeZone => clock.Time.LocalTimeZone;

        public override DateTimeOffset GetUtcNow()
        {
            DateTimeOffset wall = clock.UtcNow;
            lock (clock._gate)
            {
                DateTimeOffset steady = clock._offset is { } offset ? DateTimeOffset.UnixEpoch + offset + clock.Time.GetElapsedTime(0) : wall;
                return steady < wall ? steady : wall;
            }
        }

        public override long GetTimestamp() => clock.Time.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            clock.Time.CreateTimer(callback, state, dueTime, period);
    }
}

/// <summary>One instant on both clocks.</summary>
/// <param name="At">The wall clock's, UTC.</param>
/// <param name="IsSynced">Whether it is known to be right.</param>
/// <param name="Monotonic">The monotonic clock's: time since the machine started.</param>
internal readonly record struct ClockStamp(DateTimeOffset At, bool IsSynced, TimeSpan Monotonic);
