namespace Node.Host.Spool;

/// <summary>How much telemetry survives a hub outage, and how long a reading may wait for company: configuration section <c>Node:Spool</c>.</summary>
internal sealed record SpoolLimits
{
    /// <summary>The smallest allowed <see cref="CapacityBytes"/>: 1 MiB.</summary>
    public const long LeastCapacityBytes = 1L << 20;

    /// <summary>The largest allowed <see cref="CapacityBytes"/>: 4 GiB.</summary>
    public const long GreatestCapacityBytes = 4L << 30;

    /// <summary>The largest allowed <see cref="MaxAge"/>: 3,650 days.</summary>
    public static readonly TimeSpan GreatestAge = TimeSpan.FromDays(3_650);

    /// <summary>The largest allowed <see cref="CommitDelay"/>: 60 s.</summary>
    public static readonly TimeSpan LongestCommitDelay = TimeSpan.FromMinutes(1);

    /// <summary>Bytes beyond which readings are dropped, as <see cref="DropPolicy"/> says; also the greatest size of the database file. Default 64 MiB; 1 MiB to 4 GiB.</summary>
    public long CapacityBytes { get; init; } = 64L << 20;

    /// <summary>Which readings are dropped when the capacity is reached. Default the oldest.</summary>
    public DropPolicy DropPolicy { get; init; }

    /// <summary>Age at which a reading is given up. Default 30 days; 0 (never) to 3,650 days.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a reading may wait for company before it is made durable; an alarm never waits. Default 20 ms; 0 to 60 s.</summary>
    public TimeSpan CommitDelay { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <exception cref="ArgumentException">A value lies outside its range; the text names it and the range.</exception>
    public void ThrowIfOutOfRange()
    {
        Require(CapacityBytes is >= LeastCapacityBytes and <= GreatestCapacityBytes, nameof(CapacityBytes), "1 MiB to 4 GiB");
        Require(Enum.IsDefined(DropPolicy), nameof(DropPolicy), "drop_old, drop_new or downsample");
        Require(MaxAge >= TimeSpan.Zero && MaxAge <= GreatestAge, nameof(MaxAge), "0 (never) to 3,650 days");
        Require(CommitDelay >= TimeSpan.Zero && CommitDelay <= LongestCommitDelay, nameof(CommitDelay), "0 to 60 s");
    }

    private static void Require(bool inRange, string name, string range)
    {
        if (!inRange)
        {
            throw new ArgumentException($"Node:Spool:{name} is out of range; set it to {range}.");
        }
    }
}
