using Microsoft.Extensions.Logging;

namespace Node.Host.Logging;

/// <summary>One log line as the node keeps it.</summary>
internal sealed record LogEntry(DateTimeOffset At, LogLevel Level, string Category, string Text)
{
    /// <summary>Syslog's numbers, which other edge agents use too: 3 error, 4 warning, 6 information, 7 debug.</summary>
    public int Severity => Level switch
    {
        LogLevel.Critical => 2,
        LogLevel.Error => 3,
        LogLevel.Warning => 4,
        LogLevel.Information => 6,
        _ => 7,
    };
}
