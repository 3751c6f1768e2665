namespace Node.Host.Spool;

/// <summary>Where the spool is, what bounds it at the start, and how it works.</summary>
internal sealed record SpoolOptions
{
    /// <summary>The database's name in the node's data folder.</summary>
    public const string FileName = "spool.db";

    /// <summary>The database file. Its folder is made when it is missing; SQLite keeps <c>-wal</c> and <c>-shm</c> files beside it.</summary>
    public required string Path { get; init; }

    /// <summary>How much is kept, for how long, and how long a reading may wait; <see cref="Spool.Apply"/> changes it.</summary>
    public SpoolLimits Limits { get; init; } = new();

    /// <summary>Appends in one commit; as many waiting ones are committed without further delay. Default 512; 1 to 10,000.</summary>
    public int MaxBatch { get; init; } = 512;

    /// <summary>How long a commit waits for another program that holds the database before it fails. Default 5 s; 0 to 60 s.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <exception cref="ArgumentException">A value lies outside its range; the text names it and the range.</exception>
    public void ThrowIfOutOfRange()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Path);
        Limits.ThrowIfOutOfRange();
        if (MaxBatch is < 1 or > 10_000)
        {
            throw new ArgumentException($"{nameof(MaxBatch)} of the spool is {MaxBatch}; 1 to 10,000 are allowed.");
        }

        if (LockTimeout < TimeSpan.Zero || LockTimeout > TimeSpan.FromMinutes(1))
        {
            throw new ArgumentException($"{nameof(LockTimeout)} of the spool is {LockTimeout}; 0 to 60 s are allowed.");
        }
    }
}
