using System.Security.Cryptography;
using HubEmulator.State;

namespace HubEmulator.Blobs;

/// <summary>
/// The blobs of one container: whole ones, and blocks that wait to become one. Content streams to files, so memory does not grow with it.
/// Writes to one name may race; each leaves a whole blob. Safe for any number of threads.
/// </summary>
internal sealed class BlobStore
{
    private readonly BlobFiles _files;
    private readonly BlobSpace _space;
    private readonly BlobIndex _index;

    /// <summary>Opens the store with the blobs that its folder remembers; blocks without a blob are forgotten between two runs.</summary>
    /// <exception cref="LocalHubException">The folder cannot be used.</exception>
    public BlobStore(DataFolder folder, TimeProvider clock, BlobLimits limits)
    {
        Limits = limits;
        _files = new BlobFiles(folder);
        _space = new BlobSpace(_files, limits.CapacityBytes);
        _index = new BlobIndex(_files, _space, clock, limits);
    }

    public BlobLimits Limits { get; }

    public StoredBlob? Find(string name) => _index.Find(name);

    /// <summary>Opens a blob; the stream stays whole whatever is written meanwhile.</summary>
    public (StoredBlob Blob, FileStream Content)? TryOpen(string name) => _index.TryOpen(name);

    /// <summary>Stores a blob in one piece.</summary>
    /// <returns>The blob, or why there is none.</returns>
    public async Task<(StoredBlob? Blob, BlobFailure? Failure)> PutAsync(
        BlobContent content, Dictionary<string, string> headers, BlobCondition condition, CancellationToken cancellationToken)
    {
        if (_index.Reserve(content.Name, content.Length, condition) is { } refusal)
        {
            return (null, refusal);
        }

        BlobPart? part = await ReceiveAsync(content, cancellationToken);
        return part is null ? (null, BlobFailure.OtherDigest) : _index.Publish(content.Name, part.Value, headers, [], condition);
    }

    /// <summary>Stores a block; one of the same id is replaced.</summary>
    /// <returns>Null when it is stored.</returns>
    public async Task<BlobFailure?> PutBlockAsync(BlobContent content, string id, CancellationToken cancellationToken)
    {
        BlobFailure? refusal = StagedBlocks.IsId(id) ? _index.CheckBlock(content.Name, id) : BlobFailure.InvalidQuery("blockid");
        refusal ??= _index.Reserve(content.Name, content.Length, default);
        if (refusal is not null)
        {
            return refusal;
        }

        BlobPart? part = await ReceiveAsync(content, cancellationToken);
        return part is null ? BlobFailure.OtherDigest : _index.AddBlock(content.Name, id, part.Value);
    }

    /// <summary>Makes a blob of stored blocks and blocks of the blob that is there; stored blocks that are not named go.</summary>
    /// <returns>The blob, or why there is none.</returns>
    public async Task<(StoredBlob? Blob, BlobFailure? Failure)> CommitAsync(
        string name, IReadOnlyList<BlockReference> list, Dictionary<string, string> headers, BlobCondition condition, CancellationToken cancellationToken)
    {
        if (_index.Take(name, list, condition, out BlockSelection selection) is { } refusal)
        {
            return (null, refusal);
        }

        string file;
        try
        {
            file = await _files.JoinAsync(name, selection.Parts, cancellationToken);
        }
        catch
        {
            _space.Release(selection.Length);
            _index.PutBack(name, selection.Staged);
            throw;
        }

        (StoredBlob? Blob, BlobFailure? Failure) outcome = _index.Publish(name, new BlobPart(file, 0, selection.Length), headers, selection.Blocks, condition);
        _space.Forget(selection.Staged);
        return outcome;
    }

    /// <returns>Null when the blob is gone.</returns>
    public BlobFailure? Delete(string name, BlobCondition condition) => _index.Delete(name, condition);

    /// <returns>The bytes in a file, or null when they are not what the caller meant to send.</returns>
    private async Task<BlobPart?> ReceiveAsync(BlobContent content, CancellationToken cancellationToken)
    {
        string file;
        byte[] digest;
        try
        {
            (file, digest) = await _files.WriteAsync(content.Name, content.Bytes, cancellationToken);
        }
        catch
        {
            _space.Release(content.Length);
            throw;
        }

        var part = new BlobPart(file, 0, content.Length);
        if (content.Digest is null || CryptographicOperations.FixedTimeEquals(content.Digest, digest))
        {
            return part;
        }

        _space.Forget(part);
        return null;
    }
}
