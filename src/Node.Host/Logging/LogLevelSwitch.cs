using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Node.Host.Logging;

/// <summary>Changes the level of the node's own log lines while it runs; until then the configuration's levels hold.</summary>
internal sealed class LogLevelSwitch : IPostConfigureOptions<LoggerFilterOptions>, IOptionsChangeTokenSource<LoggerFilterOptions>, IDisposable
{
    private const string OwnCategories = "Node";

    private CancellationTokenSource _changed = new();
    private LogLevel? _level;

    public string? Name => null;

    /// <summary>The level set while running; null for the configuration's.</summary>
    public LogLevel? Level => _level;

    public void Set(LogLevel? level)
    {
        _level = level;
        using CancellationTokenSource told = Interlocked.Exchange(ref _changed, new CancellationTokenSource());
        told.Cancel();
    }

    public void Dispose() => _changed.Dispose();

    public IChangeToken GetChangeToken() => new CancellationChangeToken(_changed.Token);

    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        if (_level is { } level)
        {
            foreach (LoggerFilterRule rule in options.Rules.Where(rule => rule.CategoryName?.StartsWith(OwnCategories, StringComparison.Ordinal) == true).ToArray())
            {
                options.Rules.Remove(rule);
            }

            options.Rules.Add(new LoggerFilterRule(null, OwnCategories, level, null));
        }
    }
}
