namespace HubEmulator.Blobs;

/// <summary>The blocks of one blob that are stored and belong to no blob yet. Ids have one length. The store's lock guards it.</summary>
internal sealed class StagedBlocks
{
    private const int LongestIdBytes = 64;

    private readonly Dictionary<string, BlobPart> _blocks = new(StringComparer.Ordinal);

    /// <summary>When the last block came.</summary>
    public DateTimeOffset LastStored { get; private set; }

    public int Count => _blocks.Count;

    public IEnumerable<BlobPart> Parts => _blocks.Values;

    /// <summary>True for base64 of 1 to 64 bytes.</summary>
    public static bool IsId(string id)
    {
        Span<byte> bytes = stackalloc byte[LongestIdBytes + 3];
        return Convert.TryFromBase64String(id, bytes, out int written) && written is > 0 and <= LongestIdBytes;
    }

    /// <summary>True when the id is as long as the others.</summary>
    public bool Fits(string id) => _blocks.Count == 0 || _blocks.Keys.First().Length == id.Length;

    public bool Contains(string id) => _blocks.ContainsKey(id);

    public bool TryGet(string id, out BlobPart part) => _blocks.TryGetValue(id, out part);

    /// <summary>Adds a block or replaces one.</summary>
    /// <returns>The block that it replaces, or null.</returns>
    public BlobPart? Put(string id, BlobPart part, DateTimeOffset now)
    {
        BlobPart? replaced = _blocks.TryGetValue(id, out BlobPart old) ? old : null;
        _blocks[id] = part;
        LastStored = now;
        return replaced;
    }
}
