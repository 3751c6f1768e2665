namespace Node.HubClient.Connection;

/// <summary>When the next connection attempt is due, and when the policy gives up.</summary>
internal sealed class RetryTimer(RetrySchedule schedule, TimeProvider clock)
{
    private static readonly TimeSpan LookAgainPeriod = TimeSpan.FromSeconds(1);
    private long _from;
    private TimeSpan? _wait = TimeSpan.Zero;
    private long? _failingSince;

    /// <summary>Whether no attempt will come by itself.</summary>
    public bool HasGivenUp => _wait is null;

    /// <summary>Whether a retry is waited for: something has failed, and another attempt will come.</summary>
    public bool WaitsForRetry => _wait is not null && _failingSince is not null;

    /// <summary>Whether the time limit since the first failure in a row is over.</summary>
    public bool IsExpired(long now) =>
        _wait is not null && schedule.Limit > TimeSpan.Zero && _failingSince is { } since && clock.GetElapsedTime(since, now) >= schedule.Limit;

    /// <summary>Whether an attempt is due now.</summary>
    public bool IsDue(long now) => Left(now) == TimeSpan.Zero;

    /// <summary>Time until the next attempt; null when none will come.</summary>
    public TimeSpan? Left(long now)
    {
        if (_wait is not { } wait)
        {
            return null;
        }

        TimeSpan left = wait == TimeSpan.Zero ? TimeSpan.Zero : wait - clock.GetElapsedTime(_from, now);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Time until a turn has something to do here: the attempt, or the end of the limit.</summary>
    public TimeSpan? NextDue(long now)
    {
        TimeSpan? left = Left(now);
        if (left is null || schedule.Limit == TimeSpan.Zero || _failingSince is not { } since)
        {
            return left;
        }

        TimeSpan limit = schedule.Limit - clock.GetElapsedTime(since, now);
        return limit < left ? (limit > TimeSpan.Zero ? limit : TimeSpan.Zero) : left;
    }

    /// <summary>A link was lost, or an attempt failed; waits count from the attempt's start.</summary>
    public void Lost(long attemptAt, long now) => Wait(schedule.AfterLoss(), attemptAt, now);

    /// <summary>Another client took over, for the n-th time since it was noticed.</summary>
    /// <returns>How long this one waits; null when no attempt will come.</returns>
    public TimeSpan? Evicted(int times, long now)
    {
        Wait(schedule.AfterEviction(times), now, now);
        return _wait;
    }

    /// <summary>The identity was refused.</summary>
    public void Refused(long now) => Wait(schedule.AfterRefusal(), now, now);

    /// <summary>The next attempt is due at once; no failure happened.</summary>
    public void AtOnce() => _wait = TimeSpan.Zero;

    /// <summary>No attempt can be made now for a reason of our own; looks again in a second.</summary>
    public void LookAgain(long now)
    {
        _from = now;
        _wait = LookAgainPeriod;
    }

    /// <summary>No attempt will come by itself any more.</summary>
    public void GiveUp() => _wait = null;

    /// <summary>The connection has proved stable.</summary>
    public void Forget()
    {
        schedule.Reset();
        _failingSince = null;
    }

    /// <summary>Earlier failures are forgotten: who waits, or had given up, tries again at once.</summary>
    public void Revive()
    {
        _failingSince = null;
        _wait = TimeSpan.Zero;
    }

    private void Wait(TimeSpan? wait, long from, long now)
    {
        _failingSince ??= now;
        _wait = wait;
        _from = from;
    }
}
