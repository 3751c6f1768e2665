using Node.Host.Upload;

namespace Node.Host.Configuration;

/// <summary>How readings go out: several in a message, compressed, at certain times, within a day's budget. Alarms go at once whatever it says.</summary>
internal sealed record UploadOptions
{
    /// <summary>The most readings that a message may hold: 500.</summary>
    public const int MostReadings = 500;

    /// <summary>The smallest allowed <see cref="BatchBytes"/>: 1 KiB.</summary>
    public const int LeastBatchBytes = 1 << 10;

    /// <summary>The largest allowed <see cref="BatchBytes"/>: 240 KiB, which leaves room for the properties in the hub's 256 KiB.</summary>
    public const int GreatestBatchBytes = 240 << 10;

    /// <summary>The largest allowed <see cref="DailyBytes"/>: 1 TiB.</summary>
    public const long GreatestDailyBytes = 1L << 40;

    /// <summary>The longest allowed <see cref="BatchDelay"/>: a day.</summary>
    public static readonly TimeSpan LongestBatchDelay = TimeSpan.FromDays(1);

    /// <summary>Readings of one sensor in a message at most. Default 1: each goes alone; 1 to 500.</summary>
    public int BatchCount { get; init; } = 1;

    /// <summary>How long a reading may wait for company. Default 1 min; 0 to 1 day. Without effect when each goes alone.</summary>
    public TimeSpan BatchDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Bytes of a batch's body before compression, at most. Default 64 KiB; 1 KiB to 240 KiB.</summary>
    public int BatchBytes { get; init; } = 64 << 10;

    /// <summary>Whether bodies are compressed where that saves bytes; the hub then cannot route by their content. Default no.</summary>
    public bool Gzip { get; init; }

    /// <summary>The minutes in which normal readings go out. Default always.</summary>
    public UploadWindow Window { get; init; } = UploadWindow.Always;

    /// <summary>Bytes a day, in UTC, after which normal readings wait for the next. Default 0: no budget; or 10,000 to 1 TiB.</summary>
    public long DailyBytes { get; init; }
}
