using System.Globalization;

namespace HubEmulator.Blobs;

/// <summary>What the store holds. Each member is one step that no other interrupts.</summary>
internal sealed class BlobIndex
{
    private readonly Lock _guard = new();
    private readonly Dictionary<string, StoredBlob> _blobs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StagedBlocks> _staged = new(StringComparer.Ordinal);
    private readonly BlobFiles _files;
    private readonly BlobSpace _space;
    private readonly TimeProvider _clock;
    private readonly BlobLimits _limits;
    private long _lastETag;

    public BlobIndex(BlobFiles files, BlobSpace space, TimeProvider clock, BlobLimits limits)
    {
        _files = files;
        _space = space;
        _clock = clock;
        _limits = limits;
        foreach (StoredBlob blob in files.Load())
        {
            _blobs[blob.Name] = blob;
            space.Count(blob.Length);
        }
    }

    public StoredBlob? Find(string name)
    {
        lock (_guard)
        {
            return _blobs.GetValueOrDefault(name);
        }
    }

    public (StoredBlob Blob, FileStream Content)? TryOpen(string name)
    {
        lock (_guard)
        {
            return _blobs.TryGetValue(name, out StoredBlob? blob) ? (blob, _files.Open(blob.File)) : null;
        }
    }

    /// <summary>Speaks for bytes that are about to be written; they become a block or a blob, or the space takes them back.</summary>
    public BlobFailure? Reserve(string name, long length, BlobCondition condition)
    {
        lock (_guard)
        {
            if (condition.CheckWrite(_blobs.GetValueOrDefault(name)) is { } refusal)
            {
                return refusal;
            }

            DropOldBlocks();
            bool isNew = !_blobs.ContainsKey(name) && !_staged.ContainsKey(name);
            bool hasRoom = (!isNew || _blobs.Count + _staged.Count < _limits.Blobs) && _space.TryTake(length);
            return hasRoom ? null : BlobFailure.Full;
        }
    }

    /// <summary>Checks a block before its bytes are read, and once more when they are there.</summary>
    public BlobFailure? CheckBlock(string name, string id)
    {
        lock (_guard)
        {
            if (!_staged.TryGetValue(name, out StagedBlocks? staged))
            {
                return null;
            }

            if (!staged.Fits(id))
            {
                return BlobFailure.InvalidBlock;
            }

            return staged.Count >= _limits.Blocks && !staged.Contains(id) ? BlobFailure.TooManyBlocks : null;
        }
    }

    public BlobFailure? AddBlock(string name, string id, BlobPart part)
    {
        lock (_guard)
        {
            if (CheckBlock(name, id) is { } refusal)
            {
                _space.Forget(part);
                return refusal;
            }

            _staged.TryAdd(name, new StagedBlocks());
            if (_staged[name].Put(id, part, _clock.GetUtcNow()) is { } replaced)
            {
                _space.Forget(replaced);
            }

            return null;
        }
    }

    /// <summary>Finds the blocks of a list, takes the stored ones out, and speaks for the blob that they will make.</summary>
    public BlobFailure? Take(string name, IReadOnlyList<BlockReference> list, BlobCondition condition, out BlockSelection selection)
    {
        lock (_guard)
        {
            _staged.TryGetValue(name, out StagedBlocks? staged);
            selection = BlockSelection.TryFind(list, staged, _blobs.GetValueOrDefault(name))!;
            BlobFailure? refusal = selection is null ? BlobFailure.UnknownBlock : Reserve(name, selection.Length, condition);
            if (refusal is null)
            {
                _staged.Remove(name);
            }

            return refusal;
        }
    }

    /// <summary>Puts stored blocks back after a blob could not be made of them, unless newer ones came meanwhile.</summary>
    public void PutBack(string name, StagedBlocks? staged)
    {
        lock (_guard)
        {
            if (staged is not null && !_staged.TryAdd(name, staged))
            {
                _space.Forget(staged);
            }
        }
    }

    /// <summary>Makes content the blob of its name, durably, in place of what was there. Stored blocks of that name go.</summary>
    public (StoredBlob? Blob, BlobFailure? Failure) Publish(string name, BlobPart content, Dictionary<string, string> headers, List<BlobBlock> blocks, BlobCondition condition)
    {
        lock (_guard)
        {
            StoredBlob? old = _blobs.GetValueOrDefault(name);
            if (condition.CheckWrite(old) is { } refusal)
            {
                _space.Forget(content);
                return (null, refusal);
            }

            DateTimeOffset now = _clock.GetUtcNow();
            _lastETag = Math.Max(_lastETag + 1, now.UtcTicks);
            string eTag = "0x" + _lastETag.ToString("X", CultureInfo.InvariantCulture);
            var blob = new StoredBlob(name, content.File, content.Length, eTag, old?.Created ?? now, now, headers, blocks);
            try
            {
                _files.Remember(blob);
            }
            catch
            {
                _space.Forget(content);
                throw;
            }

            _blobs[name] = blob;
            if (old is not null)
            {
                _space.Forget(new BlobPart(old.File, 0, old.Length));
            }

            if (_staged.Remove(name, out StagedBlocks? staged))
            {
                _space.Forget(staged);
            }

            return (blob, null);
        }
    }

    public BlobFailure? Delete(string name, BlobCondition condition)
    {
        lock (_guard)
        {
            StoredBlob? blob = _blobs.GetValueOrDefault(name);
            BlobFailure? refusal = blob is null ? BlobFailure.BlobNotFound : condition.CheckWrite(blob);
            if (refusal is null)
            {
                _files.Forget(blob!.Name);
                _blobs.Remove(name);
                _space.Forget(new BlobPart(blob.File, 0, blob.Length));
            }

            return refusal;
        }
    }

    private void DropOldBlocks()
    {
        DateTimeOffset oldest = _clock.GetUtcNow() - _limits.StagedLifetime;
        foreach ((string name, StagedBlocks staged) in _staged.Where(pair => pair.Value.LastStored < oldest).ToArray())
        {
            _staged.Remove(name);
            _space.Forget(staged);
        }
    }
}
