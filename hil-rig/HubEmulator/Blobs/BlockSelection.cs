namespace HubEmulator.Blobs;

/// <summary>The blocks that a list names, found: where their bytes are, and the stored blocks that were taken out for them.</summary>
internal sealed record BlockSelection(IReadOnlyList<BlobPart> Parts, List<BlobBlock> Blocks, StagedBlocks? Staged)
{
    public long Length { get; } = Parts.Sum(part => part.Length);

    /// <summary>Looks for every block of the list where the list says.</summary>
    /// <returns>Null when one of them is nowhere.</returns>
    public static BlockSelection? TryFind(IReadOnlyList<BlockReference> list, StagedBlocks? staged, StoredBlob? blob)
    {
        Dictionary<string, BlobPart> committed = PartsOf(blob);
        var parts = new List<BlobPart>(list.Count);
        foreach (BlockReference wanted in list)
        {
            BlobPart part = default;
            bool found = (wanted.Place != BlockPlace.Committed && staged is not null && staged.TryGet(wanted.Id, out part))
                || (wanted.Place != BlockPlace.Uncommitted && committed.TryGetValue(wanted.Id, out part));
            if (!found)
            {
                return null;
            }

            parts.Add(part);
        }

        return new BlockSelection(parts, [.. list.Zip(parts, (wanted, part) => new BlobBlock(wanted.Id, part.Length))], staged);
    }

    private static Dictionary<string, BlobPart> PartsOf(StoredBlob? blob)
    {
        var parts = new Dictionary<string, BlobPart>(StringComparer.Ordinal);
        long offset = 0;
        foreach (BlobBlock block in blob?.Blocks ?? [])
        {
            parts[block.Id] = new BlobPart(blob!.File, offset, block.Length);
            offset += block.Length;
        }

        return parts;
    }
}
