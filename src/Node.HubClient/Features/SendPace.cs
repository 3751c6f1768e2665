namespace Node.HubClient.Features;

/// <summary>
/// Shapes the rate when the hub slows down. A throttling hub acknowledges late instead of refusing; who keeps a full window before it sees
/// time-outs and repeats. So acknowledgements over 2 s halve what may be in flight, once for each round, and quick ones let it grow again by one
/// for each round, up to the window.
/// </summary>
internal sealed class SendPace
{
    private const int SlowSeconds = 2;
    private readonly int _window;
    private readonly long _slow;
    private long _cutAt = long.MinValue;
    private int _quick;

    /// <summary>Begins with the whole window.</summary>
    public SendPace(int window, TimeProvider clock)
    {
        _window = window;
        _slow = SlowSeconds * clock.TimestampFrequency;
        Allowed = window;
    }

    /// <summary>How much may be in flight now: 1 to the window.</summary>
    public int Allowed { get; private set; }

    /// <summary>An acknowledgement came for what was sent at <paramref name="sentAt"/>.</summary>
    /// <param name="sentAt">When that was.</param>
    /// <param name="missedAt">The turn before this one: if it came as late as that, it was not there yet. A loop that turns rarely makes no hub slow.</param>
    /// <param name="now">The turn's instant.</param>
    public void Acknowledged(long sentAt, long missedAt, long now)
    {
        if (missedAt - sentAt > _slow)
        {
            if (sentAt >= _cutAt) // What was sent before the cut says nothing about the rate after it.
            {
                _cutAt = now;
                _quick = 0;
                Allowed = Math.Max(1, Allowed / 2);
            }
        }
        else if (Allowed < _window && ++_quick >= Allowed)
        {
            _quick = 0;
            Allowed++;
        }
    }
}
