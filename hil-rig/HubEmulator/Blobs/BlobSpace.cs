namespace HubEmulator.Blobs;

/// <summary>The bytes of the store on disk, and those spoken for by writes under way. Safe for any number of threads.</summary>
internal sealed class BlobSpace(BlobFiles files, long capacityBytes)
{
    private readonly Lock _guard = new();
    private long _taken;

    /// <summary>Speaks for bytes; they are given back by <see cref="Release"/>, or with the content that they become.</summary>
    /// <returns>False when there are not so many left.</returns>
    public bool TryTake(long bytes)
    {
        lock (_guard)
        {
            bool fits = _taken + bytes <= capacityBytes;
            _taken += fits ? bytes : 0;
            return fits;
        }
    }

    /// <summary>Counts what is on disk at the start, whether it fits or not.</summary>
    public void Count(long bytes) => Release(-bytes);

    public void Release(long bytes)
    {
        lock (_guard)
        {
            _taken -= bytes;
        }
    }

    /// <summary>Deletes content and gives its bytes back.</summary>
    public void Forget(BlobPart content)
    {
        files.Delete(content.File);
        Release(content.Length);
    }

    public void Forget(StagedBlocks? staged)
    {
        foreach (BlobPart block in staged?.Parts ?? [])
        {
            Forget(block);
        }
    }
}
