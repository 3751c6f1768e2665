namespace HubEmulator.Amqp;

/// <summary>
/// How many messages a client will take on a link. The library tells only how far the limit has moved, and forgets its own count whenever
/// the limit has not moved forward; this keeps the difference.
/// </summary>
internal sealed class LinkCredit
{
    private readonly Lock _guard = new();
    private long _left;
    private long _unknownToLibrary;

    /// <summary>Takes what the library tells of a flow.</summary>
    public void Move(int told)
    {
        lock (_guard)
        {
            _left = Math.Max(0, _left + told - _unknownToLibrary);
            _unknownToLibrary = told > 0 ? 0 : _left;
        }
    }

    /// <returns>False when nothing may be sent.</returns>
    public bool TryUse()
    {
        lock (_guard)
        {
            return _left > 0 && _left-- > 0;
        }
    }

    /// <summary>Gives back what was not used after all.</summary>
    public void Return()
    {
        lock (_guard)
        {
            _left++;
        }
    }

    /// <summary>Drops what is left, as a drain asks.</summary>
    public void Clear()
    {
        lock (_guard)
        {
            _left = 0;
            _unknownToLibrary = 0;
        }
    }
}
