namespace Node.Host.Spool;

/// <summary>How much telemetry outlives a hub outage, and how long a reading may wait for company: configuration section <c>Spool</c>.</summary>
internal sealed record SpoolOptions
{
    /// <summary>The smallest allowed <see cref="CapacityBytes"/>: 1 MiB.</summary>
    public const long LeastCapacityBytes = 1L << 20;

    /// <summary>The largest allowed <see cref="CapacityBytes"/>: 4 GiB.</summary>
    public const long GreatestCapacityBytes = 4L << 30;

    /// <summary>The database file. Its folder is made when it is missing; SQLite keeps <c>-wal</c> and <c>-shm</c> files beside it.</summary>
    public required string Path { get; init; }

    /// <summary>Bytes beyond which the oldest messages go first; also the greatest size of the database file. Default 64 MiB; 1 MiB to 4 GiB.</summary>
    public long CapacityBytes { get; init; } = 64L << 20;

    /// <summary>Age beyond which a message is no longer worth sending. Default 30 days; zero means that age never drops anything; up to 10 years.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long an append may wait for others to share its commit. An alarm never waits. Default 20 ms; 0 to 60 s.</summary>
    public TimeSpan CommitDelay { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Appends in one commit; as many waiting ones are committed without further delay. Default 256; 1 to 10,000.</summary>
    public int MaxBatch { get; init; } = 256;

    /// <summary>How long a commit waits for another program that holds the database before it fails. Default 5 s; 0 to 60 s.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <exception cref="ArgumentException">A value lies outside its range; the text names it and the range.</exception>
    public void ThrowIfOutOfRange()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Path);
        Require(CapacityBytes is >= LeastCapacityBytes and <= GreatestCapacityBytes, nameof(CapacityBytes), "1 MiB to 4 GiB");
        Require(MaxAge >= TimeSpan.Zero && MaxAge <= TimeSpan.FromDays(3650), nameof(MaxAge), "0 (never) to 3650 days");
        Require(CommitDelay >= TimeSpan.Zero && CommitDelay <= TimeSpan.FromMinutes(1), nameof(CommitDelay), "0 to 60 s");
        Require(MaxBatch is >= 1 and <= 10_000, nameof(MaxBatch), "1 to 10,000");
        Require(LockTimeout >= TimeSpan.Zero && LockTimeout <= TimeSpan.FromMinutes(1), nameof(LockTimeout), "0 to 60 s");
    }

    private static void Require(bool inRange, string name, string range)
    {
        if (!inRange)
        {
            throw new ArgumentException($"Spool:{name} is out of range; set it to {range}.");
        }
    }
}
