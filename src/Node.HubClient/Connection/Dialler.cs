using Node.HubClient.Dialect;

namespace Node.HubClient.Connection;

/// <summary>
/// Decides when a client without a connection tries again, and whether it can: the retry schedule, the proof of identity, the clock, the turn of the
/// others.
/// </summary>
internal sealed class Dialler(HubDialect dialect, RetrySchedule schedule, StatusTeller teller, TimeProvider clock, ConnectGate? gate)
{
    private string? _waitsFor;
    private bool _mustSayGivenUp;

    /// <summary>When the next attempt is due.</summary>
    public RetryTimer Retry { get; } = new(schedule, clock);

    /// <summary>Tells a wrong clock from a wrong key.</summary>
    public ClockWatch Clock { get; } = new(clock);

    /// <summary>Whether a credential has been accepted and not been replaced since.</summary>
    public bool WasAccepted { get; set; }

    /// <summary>Bounds how many clients of a shared transport connect at a time; null for no bound.</summary>
    public ConnectGate? Gate => gate;

    /// <summary>The policy was set anew: earlier failures are forgotten. Who waits tries at once, or is told that nobody will try.</summary>
    public void Restart(bool isDown)
    {
        bool waits = isDown && Retry.WaitsForRetry;
        Retry.Revive();
        if (waits && schedule.Policy is RetryPolicy.None)
        {
            Retry.GiveUp();
            _mustSayGivenUp = true;
        }
    }

    /// <summary>The caller wants an attempt now, whatever failed before.</summary>
    public void TryAtOnce()
    {
        _waitsFor = null;
        schedule.Reset();
        Retry.Revive();
    }

    /// <summary>Whether an attempt begins now, and with what.</summary>
    public bool TryDial(SessionSettings settings, Credential credential, long now, out ConnectRequest request)
    {
        request = default;
        LookAtClock(now);
        SayWhenGivenUp(now);
        if (!Retry.IsDue(now) || !TryProve(credential, now, out string? password) || Gate?.TryEnter() == false)
        {
            return false; // Where others are connecting, the attempt stays due.
        }

        Clock.Stop();
        _waitsFor = null;
        request = dialect.Connect(settings.UserName, password, settings.KeepAliveSeconds, credential.Certificate);
        return true;
    }

    /// <summary>The hub refused the connection.</summary>
    public void Refused(int code, Credential credential, long now)
    {
        Retry.Refused(now);
        (ConnectionStatusReason reason, string why) = Refusals.Explain(code, WasAccepted);
        if (credential.NeedsClock && reason is ConnectionStatusReason.BadCredential)
        {
            Clock.Refused(now);
        }

        teller.Refused(reason, code, why, Retry.Left(now));
        SayWhenHopeless();
    }

    /// <summary>The connection, or an attempt, is over.</summary>
    public void Lost(in ConnectionFault fault, long attemptAt, bool atOnce, long now)
    {
        Retry.Lost(attemptAt, now);
        if (atOnce)
        {
            Retry.AtOnce();
        }

        teller.Lost(fault, Retry.Left(now));
        SayWhenHopeless();
    }

    /// <summary>Another client took over, most likely.</summary>
    /// <returns>How long this one leaves the field; null when no attempt will come.</returns>
    public TimeSpan? Evicted(int evictions, long now)
    {
        TimeSpan? wait = Retry.Evicted(evictions - EvictionWatch.Suspicious + 1, now);
        teller.TakenOver(evictions, Retry.Left(now));
        SayWhenHopeless();
        return wait;
    }

    /// <summary>What a scheduler needs to know while there is no connection.</summary>
    public WorkStatus Status(long now) =>
        new WorkStatus(false, Clock.IsBusy, _mustSayGivenUp ? TimeSpan.Zero : Retry.NextDue(now) ?? Timeout.InfiniteTimeSpan).Within(Clock.IsWatching ? ClockWatch.LookPeriod : null);

    private void LookAtClock(long now)
    {
        if (Clock.TryTakeSkew(out TimeSpan skew))
        {
            teller.ClockIsWrong(skew, Retry.Left(now));
        }

        if (Clock.TryTakeStep(now))
        {
            Retry.AtOnce();
        }
    }

    private bool TryProve(Credential credential, long now, out string? password)
    {
        DateTimeOffset wallClock = clock.GetUtcNow();
        password = null;
        if (credential.NeedsClock && !Credential.IsClockPlausible(wallClock))
        {
            WaitFor("the clock is not set yet, and a token needs it", ConnectionStatusReason.NoNetwork, now);
            return false;
        }

        if (!credential.TryProve(wallClock, out password, out string? why))
        {
            WaitFor(why!, ConnectionStatusReason.BadCredential, now);
            return false;
        }

        return true;
    }

    /// <summary>No attempt can be made now; looks again each second, and says so once for each reason.</summary>
    private void WaitFor(string what, ConnectionStatusReason reason, long now)
    {
        Retry.LookAgain(now);
        if (_waitsFor != what)
        {
            _waitsFor = what;
            teller.Waiting(reason, what, Retry.Left(now));
        }
    }

    private void SayWhenGivenUp(long now)
    {
        if (Retry.IsExpired(now))
        {
            Retry.GiveUp();
            _mustSayGivenUp = true;
        }

        if (_mustSayGivenUp)
        {
            _mustSayGivenUp = false;
            SayWhenHopeless();
        }
    }

    private void SayWhenHopeless()
    {
        if (Retry.HasGivenUp)
        {
            teller.GivenUp();
        }
    }
}
