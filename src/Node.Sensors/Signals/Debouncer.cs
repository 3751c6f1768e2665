namespace Node.Sensors.Signals;

/// <summary>
/// What a bouncing contact means: a level counts once it has stood for the period. Knows no clock and no pin; instants are the time since any
/// fixed origin and do not go back.
/// </summary>
internal sealed class Debouncer
{
    private readonly TimeSpan _period;
    private bool _level;
    private TimeSpan _levelSince;

    public Debouncer(TimeSpan period, bool level, TimeSpan now)
    {
        _period = period;
        (_level, _levelSince) = (level, now);
        IsActive = level;
    }

    /// <summary>The level that counts.</summary>
    public bool IsActive { get; private set; }

    /// <summary>How often it became active.</summary>
    public long Count { get; private set; }

    /// <summary>When the change that counted last began, or <see langword="null"/> when none has.</summary>
    public TimeSpan? LastEdge { get; private set; }

    /// <summary>How many edges must have happened without being told.</summary>
    public long MissedEdges { get; private set; }

    /// <summary>Takes a told edge.</summary>
    public void Edge(bool level, TimeSpan now)
    {
        Settle(now);
        if (level == _level)
        {
            MissedEdges++; // two edges of one direction in a row: the one between was not told
            if (_period > TimeSpan.Zero)
            {
                _levelSince = now;
                return;
            }

            (_level, _levelSince) = (!level, now);
            Settle(now);
        }

        (_level, _levelSince) = (level, now);
        Settle(now);
    }

    /// <summary>Holds the level that the pin has against the last told one.</summary>
    public void Look(bool level, TimeSpan now)
    {
        Settle(now);
        if (level == _level) { return; }

        MissedEdges++;
        (_level, _levelSince) = (level, now);
        Settle(now);
    }

    private void Settle(TimeSpan now)
    {
        if (_level == IsActive || now - _levelSince < _period) { return; }

        IsActive = _level;
        LastEdge = _levelSince;
        Count += _level ? 1 : 0;
    }
}
