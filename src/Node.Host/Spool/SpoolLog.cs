using Microsoft.Extensions.Logging;

namespace Node.Host.Spool;

/// <summary>What the spool tells the operator.</summary>
internal static partial class SpoolLog
{
    [LoggerMessage(100, LogLevel.Information, "Spool {Path} open; messages waiting: {Depth}, bytes: {Bytes}, last sequence {LastSequence}")]
    public static partial void Opened(this ILogger logger, string path, long depth, long bytes, long lastSequence);

    [LoggerMessage(101, LogLevel.Error, "Spool {Path} is damaged ({Cause}); it was moved to {Aside} and a new one begun: "
        + "{Salvaged} messages were read back, {Lost} are lost")]
    public static partial void Repaired(this ILogger logger, string path, string cause, string aside, long salvaged, long lost);

    [LoggerMessage(102, LogLevel.Error, "A commit failed; {Appends} readings were refused, what was stored before is safe: {Cause}")]
    public static partial void CommitFailed(this ILogger logger, int appends, string cause);

    [LoggerMessage(103, LogLevel.Warning, "The spool dropped messages: {ByCapacity} for room and {ByAge} for age since it was made")]
    public static partial void Dropped(this ILogger logger, long byCapacity, long byAge);

    [LoggerMessage(104, LogLevel.Error, "The spool could not be read; unsent messages stay in it: {Cause}")]
    public static partial void ReadFailed(this ILogger logger, string cause);

    [LoggerMessage(105, LogLevel.Warning, "The spool could not give disk space back; it will try again: {Cause}")]
    public static partial void ShrinkFailed(this ILogger logger, string cause);

    [LoggerMessage(106, LogLevel.Information, "Spool {Path} was written by an earlier version; its {Rows} messages were copied into a new file")]
    public static partial void Renewed(this ILogger logger, string path, long rows);
}
