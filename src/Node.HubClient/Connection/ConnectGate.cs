namespace Node.HubClient.Connection;

/// <summary>Bounds how many connections of one shared transport open at a time: handshakes cost a small machine more than anything else.</summary>
internal sealed class ConnectGate(int maximum)
{
    private int _opening;

    /// <summary>Lets one more begin; false when it has to wait for its turn.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _opening) <= maximum)
        {
            return true;
        }

        Leave();
        return false;
    }

    /// <summary>One has come to its end, good or bad. Any thread: clients are disposed on any.</summary>
    public void Leave() => Interlocked.Decrement(ref _opening);
}
