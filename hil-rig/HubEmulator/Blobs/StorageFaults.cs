namespace HubEmulator.Blobs;

/// <summary>Requests that the built-in store is told to fail. Safe for any number of threads.</summary>
internal sealed class StorageFaults
{
    private readonly Lock _guard = new();
    private int _left;
    private int _status;

    /// <summary>Fails the next requests; a later call takes the place of an earlier one.</summary>
    public void FailNext(int requests, int status)
    {
        lock (_guard)
        {
            (_left, _status) = (requests, status);
        }
    }

    /// <returns>True when the request at hand is to fail with the status.</returns>
    public bool TryTake(out int status)
    {
        lock (_guard)
        {
            status = _status;
            return _left > 0 && _left-- > 0;
        }
    }
}
