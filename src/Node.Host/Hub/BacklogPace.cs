namespace Node.Host.Hub;

/// <summary>
/// How much of the backlog may be under way at once: about what the hub confirmed in the last second, so that a live reading waits behind
/// no more than that. Counts readings. One thread.
/// </summary>
internal sealed class BacklogPace(TimeProvider time)
{
    /// <summary>The messages that are always allowed.</summary>
    public const int Least = 16;

    private static readonly TimeSpan Span = TimeSpan.FromSeconds(1);

    private long _since = time.GetTimestamp();
    private int _confirmed;
    private int _before;

    /// <summary>Readings of the backlog that may be under way now.</summary>
    /// <param name="most">The most that are ever allowed.</param>
    /// <param name="perMessage">Readings in a full message.</param>
    public int Allowed(int most, int perMessage)
    {
        Turn();
        return Math.Min(Math.Max(Math.Max(_confirmed, _before), Least * perMessage), most);
    }

    /// <summary>The hub confirmed a message.</summary>
    public void Confirmed(int readings)
    {
        Turn();
        _confirmed += readings;
    }

    private void Turn()
    {
        long now = time.GetTimestamp();
        TimeSpan passed = time.GetElapsedTime(_since, now);
        if (passed >= Span)
        {
            _before = passed < 2 * Span ? _confirmed : 0;
            (_since, _confirmed) = (now, 0);
        }
    }
}
