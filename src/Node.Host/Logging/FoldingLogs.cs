using Microsoft.Extensions.Logging;

namespace Node.Host.Logging;

/// <summary>
/// Writes a warning or error once and counts it when it comes again within five minutes; the count follows in one line when the time is over
/// ("×57 in 5 min"). Lines of lower levels pass. At most 256 different lines are watched; further ones pass. Any thread.
/// </summary>
[ProviderAlias("Console")] // What it folds: rules for the console's levels hold.
internal sealed class FoldingLogs : ILoggerProvider, ISupportExternalScope
{
    public const int MostWatched = 256;

    /// <summary>What the host says, with the trace of its stack, of a start that failed. The command that started it says that in one line.</summary>
    private const string FailedStart = "HostedServiceStartupFaulted";

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly ILoggerProvider _inner;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Category, LogLevel Level, string Text), Repeats> _watched = [];
    private readonly ITimer _timer;

    /// <summary>Folds what goes to <paramref name="inner"/>, which it owns.</summary>
    public FoldingLogs(ILoggerProvider inner, TimeProvider time)
    {
        (_inner, _time) = (inner, time);
        _timer = time.CreateTimer(_ => Tell(all: false), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public ILogger CreateLogger(string categoryName) => new Folder(this, _inner.CreateLogger(categoryName), categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => (_inner as ISupportExternalScope)?.SetScopeProvider(scopeProvider);

    /// <summary>Tells the counts that are open and ends.</summary>
    public void Dispose()
    {
        Tell(all: true);
        _timer.Dispose();
        _inner.Dispose();
    }

    /// <summary>Whether the line is to be written now; else it is counted.</summary>
    private bool IsNew(ILogger to, string category, LogLevel level, EventId id, string text)
    {
        lock (_gate)
        {
            if (_watched.TryGetValue((category, level, text), out Repeats? repeats))
            {
                repeats.Count++;
                return false;
            }

            if (_watched.Count < MostWatched)
            {
                _watched[(category, level, text)] = new Repeats(to, id, _time.GetTimestamp());
                if (_watched.Count == 1)
                {
                    _timer.Change(Window, Timeout.InfiniteTimeSpan);
                }
            }

            return true;
        }
    }

    private void Tell(bool all)
    {
        List<(Repeats Repeats, LogLevel Level, string Line)> lines = [];
        lock (_gate)
        {
            TimeSpan next = Window;
            foreach (((string Category, LogLevel Level, string Text) line, Repeats repeats) in _watched.ToArray())
            {
                TimeSpan left = Window - _time.GetElapsedTime(repeats.Since);
                if (!all && left > TimeSpan.Zero)
                {
                    next = left < next ? left : next;
                    continue;
                }

                _watched.Remove(line);
                if (repeats.Count > 0)
                {
                    lines.Add((repeats, line.Level, $"×{repeats.Count} in {Math.Max(1, Math.Round(_time.GetElapsedTime(repeats.Since).TotalMinutes)):0} min: {line.Text}"));
                }
            }

            if (!all && _watched.Count > 0)
            {
                _timer.Change(next, Timeout.InfiniteTimeSpan);
            }
        }

        foreach ((Repeats repeats, LogLevel level, string line) in lines)
        {
            repeats.To.Log(level, repeats.Id, line, null, static (text, _) => text);
        }
    }

    private sealed class Repeats(ILogger to, EventId id, long since)
    {
        public ILogger To => to;

        public EventId Id => id;

        public long Since => since;

        public int Count { get; set; }
    }

    private sealed class Folder(FoldingLogs logs, ILogger inner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Name != FailedStart && (logLevel < LogLevel.Warning || logs.IsNew(inner, category, logLevel, eventId, formatter(state, exception) + exception?.Message)))
            {
                inner.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }
}
