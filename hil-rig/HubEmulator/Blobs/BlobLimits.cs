namespace HubEmulator.Blobs;

/// <summary>What the store takes at most; beyond it a request is refused.</summary>
internal sealed record BlobLimits
{
    /// <summary>Bytes of one Put Blob or Put Block. Default 256 MiB.</summary>
    public long RequestBytes { get; init; } = 256L << 20;

    /// <summary>Bytes of a block list. Default 8 MiB, enough for the most blocks with the longest ids.</summary>
    public long BlockListBytes { get; init; } = 8L << 20;

    /// <summary>Blocks of one blob, stored or in its list. Default 50,000, the service's.</summary>
    public int Blocks { get; init; } = 50_000;

    /// <summary>Blobs, those with stored blocks only included. Default 10,000.</summary>
    public int Blobs { get; init; } = 10_000;

    /// <summary>Bytes of all blobs and blocks on disk. Default 8 GiB.</summary>
    public long CapacityBytes { get; init; } = 8L << 30;

    /// <summary>How long blocks stay without being made a blob, counted from the last of them. The service's week.</summary>
    public TimeSpan StagedLifetime { get; init; } = TimeSpan.FromDays(7);
}
