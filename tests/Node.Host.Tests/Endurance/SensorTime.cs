namespace Node.Host.Tests.Endurance;

/// <summary>
/// One waiter's view of the virtual time, a sensor's mostly. It knows what the sensor waits for, so that the clock is not moved on while a measurement goes on by
/// itself on another thread, as it does for a moment when it was given up.
/// </summary>
internal sealed class SensorTime(TimeProvider time, TimeSpan timeout) : TimeProvider
{
    private int _waiting;
    private volatile bool _isGivenUp;
    private volatile bool _isAsked;

    public override long TimestampFrequency => time.TimestampFrequency;

    /// <summary>Timers that are set and have not fired.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Whether the chip has just raised its interrupt line, for which the driver waits.</summary>
    public bool IsAsked
    {
        get => _isAsked;
        set => _isAsked = value;
    }

    /// <summary>Whether a measurement has just reached its timeout. Cleared by whoever begins one.</summary>
    public bool IsGivenUp
    {
        get => _isGivenUp;
        set => _isGivenUp = value;
    }

    public override long GetTimestamp() => time.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Watched(this, callback, state, dueTime, period);

    private sealed class Watched : ITimer
    {
        private readonly SensorTime _owner;
        private readonly TimerCallback _callback;
        private readonly ITimer _timer;
        private readonly bool _isTimeout;
        private int _isSet;

        public Watched(SensorTime owner, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (_owner, _callback, _isTimeout) = (owner, callback, dueTime == owner.Longest);
            _timer = owner.Underlying.CreateTimer(Fire, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Change(dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _owner.IsAsked = false;
            Set(dueTime >= TimeSpan.Zero);
            return _timer.Change(dueTime, period);
        }

        public void Dispose()
        {
            _timer.Dispose();
            _owner.IsAsked = false;
            Set(false);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire(object? state)
        {
            Set(false); // None of those that sensors use repeats.
            _owner.IsGivenUp |= _isTimeout;
            _callback(state);
        }

        private void Set(bool isSet)
        {
            int now = isSet ? 1 : 0;
            Interlocked.Add(ref _owner._waiting, now - Interlocked.Exchange(ref _isSet, now));
        }
    }

    private TimeProvider Underlying => time;

    private TimeSpan Longest => timeout;
}
