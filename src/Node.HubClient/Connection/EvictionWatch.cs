namespace Node.HubClient.Connection;

/// <summary>
/// Notices two clients with one identity. The hub lets the newer one in and closes the older one's connection without a word, so each sees
/// the same: accepted at once, closed soon after, again and again, with never a failed attempt between. From the third time on this client
/// takes it for that, and leaves the field for longer and longer.
/// </summary>
internal sealed class EvictionWatch(TimeProvider clock)
{
    /// <summary>So many times in a row are no accident.</summary>
    public const int Suspicious = 3;

    private static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(30);
    private TimeSpan _lastWait;

    /// <summary>How often in a row a connection was closed by the hub soon after it was accepted.</summary>
    public int Evictions { get; private set; }

    /// <summary>Whether another client with the same identity is the likeliest cause.</summary>
    public bool IsSuspected => Evictions >= Suspicious;

    /// <summary>A connection that had been accepted is over.</summary>
    /// <param name="cause">Why.</param>
    /// <param name="acceptedAt">When it was accepted.</param>
    /// <param name="now">The turn's instant.</param>
    public void Ended(LossCause cause, long acceptedAt, long now)
    {
        TimeSpan lived = clock.GetElapsedTime(acceptedAt, now);
        TimeSpan shortLife = _lastWait * 2 > ShortLife ? _lastWait * 2 : ShortLife; // Who waits for long keeps the other one away for as long.
        Evictions = cause is LossCause.Closed && lived < shortLife ? Evictions + 1 : 0;
        if (Evictions == 0)
        {
            _lastWait = TimeSpan.Zero;
        }
    }

    /// <summary>An attempt failed: the hub or the network is away, which no other client does.</summary>
    public void Failed() => Evictions = 0;

    /// <summary>How long the client is going to wait.</summary>
    public void Waits(TimeSpan? wait) => _lastWait = wait ?? TimeSpan.Zero;
}
