using Microsoft.Extensions.Logging;

namespace Node.Host.Logging;

/// <summary>The newest log lines in memory: at most 2,000 of at most 2,000 characters each; older ones go. Any thread.</summary>
internal sealed class LogRing(TimeProvider time) : ILoggerProvider
{
    public const int MostEntries = 2_000;

    public const int LongestText = 2_000;

    private readonly Lock _gate = new();
    private readonly Queue<LogEntry> _entries = new();

    /// <summary>Told of each line, on the thread that wrote it; must be quick and write none.</summary>
    public Action<LogEntry>? Added { get; set; }

    /// <summary>A copy of what is kept, oldest first.</summary>
    public IReadOnlyList<LogEntry> Entries
    {
        get
        {
            lock (_gate) { return [.. _entries]; }
        }
    }

    public ILogger CreateLogger(string categoryName) => new Writer(this, categoryName);

    public void Dispose()
    {
    }

    private void Add(LogEntry entry)
    {
        lock (_gate)
        {
            if (_entries.Count == MostEntries) { _entries.Dequeue(); }

            _entries.Enqueue(entry);
        }

        Added?.Invoke(entry);
    }

    private sealed class Writer(LogRing ring, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            string text = formatter(state, exception) + (exception is null ? "" : $": {exception.Message}");
            ring.Add(new LogEntry(ring.Now, logLevel, category, text.Length <= LongestText ? text : text[..LongestText] + "…"));
        }
    }

    private DateTimeOffset Now => time.GetUtcNow();
}
