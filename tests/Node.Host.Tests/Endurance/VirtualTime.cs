namespace Node.Host.Tests.Endurance;

/// <summary>
/// A clock that stands still until it is told to go on, and then goes from timer to timer, firing each at its instant and in order. Days pass
/// as quickly as their work is done. Timers may be made, changed and disposed by any thread.
/// </summary>
internal sealed class VirtualTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<(Timer Timer, long Version), (long DueTicks, long Order)> _due = new();
    private long _ticks;
    private long _order;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Time since the start.</summary>
    public TimeSpan Elapsed => new(Volatile.Read(ref _ticks));

    /// <summary>Timers that are set, those included that were set anew or disposed before their instant.</summary>
    public int Queued
    {
        get
        {
            lock (_gate) { return _due.Count; }
        }
    }

    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => start + Elapsed;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Goes on to an instant, or to a bit before it: as far as the next timer.</summary>
    /// <returns>Whether the instant is reached; else a timer was fired, and what that set off may be under way on other threads.</returns>
    public bool Step(TimeSpan until)
    {
        Timer? fired = null;
        lock (_gate)
        {
            while (fired is null && _due.TryPeek(out (Timer Timer, long Version) next, out (long DueTicks, long Order) at) && at.DueTicks <= until.Ticks)
            {
                _due.Dequeue();
                if (next.Timer.Version == next.Version)
                {
                    Volatile.Write(ref _ticks, Math.Max(_ticks, at.DueTicks));
                    fired = next.Timer;
                    fired.Rearm();
                }
            }

            if (fired is null)
            {
                Volatile.Write(ref _ticks, Math.Max(_ticks, until.Ticks));
            }
        }

        fired?.Fire();
        return fired is null;
    }

    private sealed class Timer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        /// <summary>Another one makes what is queued stale.</summary>
        public long Version { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                Version++;
                _period = period;
                if (dueTime >= TimeSpan.Zero)
                {
                    time._due.Enqueue((this, Version), (time._ticks + dueTime.Ticks, time._order++));
                }
            }

            return true;
        }

        /// <summary>Its instant has come; called under the gate.</summary>
        public void Rearm()
        {
            Version++;
            if (_period > TimeSpan.Zero)
            {
                time._due.Enqueue((this, Version), (time._ticks + _period.Ticks, time._order++));
            }
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (time._gate) { Version++; }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
