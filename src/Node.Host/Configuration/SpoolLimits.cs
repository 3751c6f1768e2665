namespace Node.Host.Configuration;

/// <summary>How much telemetry survives a hub outage: configuration section <c>Node:Spool</c>.</summary>
internal sealed record SpoolLimits
{
    /// <summary>Bytes on disk beyond which the oldest readings go first. Default 64 MiB; 1 MiB to 4 GiB.</summary>
    public long CapacityBytes { get; init; } = 64L << 20;

    /// <summary>Age at which a reading is given up. Default 30 days; 0 (never) to 3,650 days.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a reading may wait for company before it is made durable. Default 20 ms; 0 to 60 s.</summary>
    public TimeSpan CommitDelay { get; init; } = TimeSpan.FromMilliseconds(20);
}
