namespace DeviceNodes.Child;

/// <summary>
/// Time that passes only while a program waits: every wait is over at once, and time has moved on by it. For a caller that does one thing at a
/// time, and for a board on which nothing happens by itself: a timer that was made idle never rings.
/// </summary>
/// <param name="announce">Told how far time is about to move, so that another process's time moves with it; null for nobody.</param>
public sealed class HeldTime(Action<TimeSpan>? announce = null) : TimeProvider
{
    private long _ticks;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(GetTimestamp());

    /// <summary>Moves time on.</summary>
    public void Pass(TimeSpan duration)
    {
        announce?.Invoke(duration);
        Interlocked.Add(ref _ticks, duration.Ticks);
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            Pass(dueTime);
            ThreadPool.UnsafeQueueUserWorkItem(_ => callback(state), null);
        }

        return new NoTimer();
    }
}
