using Node.HubClient;

namespace Node.Host.Cadence;

/// <summary>
/// How soon the hub client's next turn is due: quick while the hub owes an answer that nobody watches for, slower the longer it owes it, and the idle interval
/// otherwise. One thread at a time, except <see cref="IdleInterval"/>.
/// </summary>
internal sealed class WorkCadence(TimeSpan idleInterval, TimeProvider time)
{
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(10);

    public static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan QuickFor = TimeSpan.FromSeconds(1);

    private long _idleTicks = idleInterval.Ticks;
    private long? _waitingSince;

    /// <summary>Time between two turns while nothing is going on: 10 ms to 10 s. The desired property <c>doWorkInterval</c>. Any thread.</summary>
    public TimeSpan IdleInterval
    {
        get => new(Interlocked.Read(ref _idleTicks));
        set => Interlocked.Exchange(ref _idleTicks, value.Ticks);
    }

    /// <summary>The interval from now on, after a turn that ended with <paramref name="status"/>.</summary>
    /// <param name="status">The turn's answer.</param>
    /// <param name="isWatched">Whether an answer calls for a turn by itself, so that none has to look for it.</param>
    public TimeSpan After(WorkStatus status, bool isWatched = false)
    {
        TimeSpan idle = IdleInterval;
        if (status.MoreToDo)
        {
            return ShortestInterval;
        }

        if (!status.AwaitingAnswers || isWatched)
        {
            _waitingSince = null;
            return idle;
        }

        _waitingSince ??= time.GetTimestamp();
        TimeSpan waited = time.GetElapsedTime(_waitingSince.Value);
        TimeSpan pace = waited < QuickFor ? ShortestInterval : waited / 20; // A hub that is silent for a second will hardly answer in the next 10 ms.
        return pace < idle ? pace : idle;
    }
}
