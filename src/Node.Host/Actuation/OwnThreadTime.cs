namespace Node.Host.Actuation;

/// <summary>
/// A time source whose timers run on threads of their own. What must hold when every other thread of the program is busy or stands still, such
/// as the time limits of actuators, must not wait for the pool. One thread for each timer, so for few of them.
/// </summary>
internal sealed class OwnThreadTime(TimeProvider time) : TimeProvider
{
    public override long TimestampFrequency => time.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

    public override long GetTimestamp() => time.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new ThreadTimer(this, callback, state, dueTime, period);

    private sealed class ThreadTimer : ITimer
    {
        private readonly Lock _gate = new();
        private readonly AutoResetEvent _changed = new(initialState: false);
        private readonly OwnThreadTime _time;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private Thread? _thread; // There once something was due.
        private long? _setAt; // null while nothing is due.
        private TimeSpan _wait;
        private TimeSpan _period;
        private bool _isDisposed;

        public ThreadTimer(OwnThreadTime time, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (_time, _callback, _state) = (time, callback, state);
            Change(dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_gate)
            {
                (_setAt, _wait, _period) = (dueTime < TimeSpan.Zero ? null : _time.GetTimestamp(), dueTime, period);
                if (_setAt is not null && _thread is null && !_isDisposed)
                {
                    _thread = new Thread(Run) { Name = "timer", IsBackground = true, Priority = ThreadPriority.AboveNormal };
                    _thread.Start();
                }

                return !_isDisposed && _changed.Set();
            }
        }

        /// <summary>No call begins any more; one that runs goes on to its end.</summary>
        public void Dispose()
        {
            lock (_gate)
            {
                if (!_isDisposed)
                {
                    _isDisposed = true;
                    _changed.Set();
                }
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Run()
        {
            while (true)
            {
                TimeSpan? left;
                lock (_gate)
                {
                    if (_isDisposed)
                    {
                        _changed.Dispose();
                        return;
                    }

                    left = _setAt is { } set ? _wait - _time.GetElapsedTime(set) : null;
                    if (left <= TimeSpan.Zero)
                    {
                        (_setAt, _wait) = (_period > TimeSpan.Zero ? _time.GetTimestamp() : null, _period);
                    }
                }

                if (left <= TimeSpan.Zero)
                {
                    _callback(_state);
                }
                else
                {
                    _changed.WaitOne(left is { } wait ? TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)) : Timeout.InfiniteTimeSpan);
                }
            }
        }
    }
}
