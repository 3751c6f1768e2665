namespace Node.Sensors.Signals;

/// <summary>
/// What a bouncing contact means: a level counts once it has stood for the period. Knows no clock and no pin; instants are the time since any
/// fixed origin, and those of edges do not go back.
/// </summary>
internal sealed class Debouncer
{
    private readonly TimeSpan _period;
    private bool _level;
    private TimeSpan _levelSince;
    private TimeSpan? _foundAt;

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
    /// <param name="level">The level after it.</param>
    /// <param name="now">When it happened.</param>
    /// <param name="lost">How many edges just before it are known to have been lost.</param>
    public void Edge(bool level, TimeSpan now, long lost = 0)
    {
        if (IsTheOneFound(level, now)) { return; }

        Settle(now);
        PassOver(lost);
        if (level == _level)
        {
            MissedEdges += lost > 0 && _period > TimeSpan.Zero ? 0 : 1; // two edges of one direction in a row: the one between was not told
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
        _foundAt = now;
        (_level, _levelSince) = (level, now);
        Settle(now);
    }

    /// <summary>An edge that was only on its way when a look found what it left behind.</summary>
    private bool IsTheOneFound(bool level, TimeSpan at)
    {
        bool found = _foundAt is { } look && level == _level && at <= look;
        MissedEdges -= found ? 1 : 0;
        _foundAt = null;
        return found;
    }

    /// <summary>Lost edges alternate, so without a period it is known how often they became active. With one nobody knows how long they stood.</summary>
    private void PassOver(long lost)
    {
        MissedEdges += lost;
        if (_period > TimeSpan.Zero || lost == 0) { return; }

        Count += (lost + (_level ? 0 : 1)) / 2;
        _level ^= (lost & 1) != 0;
        IsActive = _level;
    }

    private void Settle(TimeSpan now)
    {
        if (_level == IsActive || now - _levelSince < _period) { return; }

        IsActive = _level;
        LastEdge = _levelSince;
        Count += _level ? 1 : 0;
    }
}
