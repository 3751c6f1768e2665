namespace Node.Host.Hub;

/// <summary>
/// How much of the backlog may be under way at once: about what the hub confirmed in the last second, so that a live reading waits behind
/// no more than that. One thread.
/// </summary>
internal sealed class BacklogPace(int most, TimeProvider time)
{
    /// <summary>The least that is always allowed.</summary>
    public const int Least = 16;

    private static readonly TimeSpan Span = TimeSpan.FromSeconds(1);

    private long _since = time.GetTimestamp();
    private int _confirmed;
    private int _before;

    /// <summary>Messages of the backlog that may be under way now.</summary>
    public int Allowed
    {
        get
        {
            Turn();
            return Math.Clamp(Math.Max(_confirmed, _before), Least, most);
        }
    }

    /// <summary>The hub confirmed a message.</summary>
    public void Confirmed()
    {
        Turn();
        _confirmed++;
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
