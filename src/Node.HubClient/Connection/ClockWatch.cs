namespace Node.HubClient.Connection;

/// <summary>
/// Tells a wrong clock from a wrong key, which earn the same refusal: asks the hub for its time after a refused token, and notices when this device's
/// clock is set afterwards, so that the next attempt need not wait.
/// </summary>
internal sealed class ClockWatch(TimeProvider clock)
{
    /// <summary>How often a turn is needed while a refusal stands, to notice that the clock was set.</summary>
    public static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Step = TimeSpan.FromMinutes(1);
    private TimeSpan? _offsetAtRefusal;

    /// <summary>Who asks the hub; null for nobody.</summary>
    public ClockProbe? Probe { get; set; }

    /// <summary>Whether the hub's answer is due.</summary>
    public bool IsBusy => Probe is { IsBusy: true };

    /// <summary>Whether a refused token is what the client waits after.</summary>
    public bool IsWatching => _offsetAtRefusal is not null;

    /// <summary>A token was refused.</summary>
    public void Refused(long now)
    {
        _offsetAtRefusal = Offset(now);
        Probe?.Begin();
    }

    /// <summary>Another attempt begins, or none any more.</summary>
    public void Stop()
    {
        _offsetAtRefusal = null;
        Probe?.Stop();
    }

    /// <summary>Whether the hub's answer has come and shows a difference that explains the refusal. True once.</summary>
    public bool TryTakeSkew(out TimeSpan skew)
    {
        skew = default;
        return Probe is not null && Probe.TryTake(out skew) && skew.Duration() > ClockProbe.Tolerated;
    }

    /// <summary>Whether this device's clock was set since the refusal. True once.</summary>
    public bool TryTakeStep(long now)
    {
        if (_offsetAtRefusal is not { } offset || (Offset(now) - offset).Duration() <= Step)
        {
            return false;
        }

        _offsetAtRefusal = null;
        return true;
    }

    /// <summary>The wall clock against the monotonic one: changes only when somebody sets it.</summary>
    private TimeSpan Offset(long now) => clock.GetUtcNow() - DateTimeOffset.UnixEpoch - clock.GetElapsedTime(0, now);
}
