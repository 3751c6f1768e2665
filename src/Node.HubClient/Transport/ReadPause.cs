namespace Node.HubClient.Transport;

/// <summary>
/// Keeps a loop that spins from asking the network again and again while many acknowledgements are due: they come in batches, and asking each half microsecond finds none of
/// them sooner than asking each five. With few due, or at any cadence, every turn asks.
/// </summary>
internal sealed class ReadPause(TimeProvider clock)
{
    private const int Many = 16;
    private const int TurnsAtMost = 64; // However the clock runs.
    private readonly long _pause = 5 * clock.TimestampFrequency / 1_000_000;
    private long _emptyAt;
    private int _turns;
    private bool _isPausing;

    /// <summary>Acknowledgements that are due, so far as the transport has seen; a bound, not a count.</summary>
    public int Due { get; private set; }

    /// <summary>A new connection.</summary>
    public void Reset()
    {
        Due = 0;
        _isPausing = false;
    }

    /// <summary>A packet that wants an acknowledgement went out.</summary>
    public void Asked() => Due++;

    /// <summary>One came.</summary>
    public void Answered() => Due = Math.Max(0, Due - 1);

    /// <summary>The network had nothing.</summary>
    public void FoundNothing()
    {
        _isPausing = Due >= Many;
        _turns = 0;
        _emptyAt = _isPausing ? clock.GetTimestamp() : 0;
    }

    /// <summary>Whether this turn need not ask.</summary>
    public bool Skips()
    {
        _isPausing = _isPausing && ++_turns < TurnsAtMost && clock.GetTimestamp() - _emptyAt < _pause;
        return _isPausing;
    }
}
