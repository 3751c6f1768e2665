using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace HubEmulator.Tests.Fuzz;

/// <summary>Keeps what the hub, or the server beneath it, logs as an error: bad input must never be one.</summary>
internal sealed class FuzzLog : ILoggerFactory, ILogger
{
    private const int Most = 20;

    public ConcurrentQueue<string> Errors { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel) && Errors.Count < Most)
        {
            Errors.Enqueue($"{formatter(state, exception)} {exception}");
        }
    }

    public void Dispose()
    {
    }
}
