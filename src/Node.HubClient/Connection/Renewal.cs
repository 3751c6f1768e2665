namespace Node.HubClient.Connection;

/// <summary>
/// When a live connection is closed in order to come back with a new proof or a new option: at the proof's own moment or because the caller asked,
/// and then once nothing is in flight, 10 s later at most.
/// </summary>
internal sealed class Renewal(TimeProvider clock)
{
    private static readonly TimeSpan DrainMaximum = TimeSpan.FromSeconds(10);
    private long _dueAt = long.MaxValue;
    private long? _since;

    /// <summary>Whether the caller asked for it.</summary>
    public bool IsAsked { get; private set; }

    /// <summary>When a turn is needed for it; <see cref="long.MaxValue"/> for never.</summary>
    public long NextDueAt => _since is { } since ? since + Ticks(DrainMaximum) : IsAsked ? 0 : _dueAt;

    /// <summary>Whether the caller asked for it and no turn has looked at that yet.</summary>
    public bool WantsTurn => IsAsked && _since is null;

    /// <summary>The caller wants it.</summary>
    public void Ask() => IsAsked = true;

    /// <summary>An attempt with a fresh proof begins, good for so long; null for ever. Another lifetime set later counts from the next proof on.</summary>
    public void Begin(TimeSpan? goodFor, long now)
    {
        IsAsked = false;
        _since = null;
        _dueAt = goodFor is { } time ? now + Ticks(time) : long.MaxValue;
    }

    /// <summary>Whether it is due, so that nothing new is published any more.</summary>
    public bool IsDue(long now) => IsAsked || now >= _dueAt;

    /// <summary>Whether the connection may be closed now: it is due, and what is in flight has ended or had its time.</summary>
    public bool MayClose(bool isAnythingInFlight, long now)
    {
        if (!IsDue(now))
        {
            return false;
        }

        _since ??= now;
        return !isAnythingInFlight || clock.GetElapsedTime(_since.Value, now) >= DrainMaximum;
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * clock.TimestampFrequency);
}
