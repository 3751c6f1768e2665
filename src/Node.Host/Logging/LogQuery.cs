using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Node.Host.Logging;

/// <summary>Which log lines are wanted.</summary>
/// <param name="Tail">At most so many, the newest.</param>
/// <param name="Since">Not before this; null for no bound.</param>
/// <param name="Until">Not after this; null for no bound.</param>
/// <param name="Level">This grave at least.</param>
/// <param name="Pattern">What the text must match; null for anything.</param>
internal sealed record LogQuery(int Tail, DateTimeOffset? Since, DateTimeOffset? Until, LogLevel Level, Regex? Pattern)
{
    /// <summary>How long one line's match may take. The pattern does not backtrack, so that this is not reached by ill will alone.</summary>
    public static readonly TimeSpan LongestMatch = TimeSpan.FromMilliseconds(250);

    /// <summary>The newest lines that fit, newest first.</summary>
    /// <exception cref="RegexMatchTimeoutException">The pattern takes too long.</exception>
    public IEnumerable<LogEntry> NewestFirst(IReadOnlyList<LogEntry> entries) => entries.Reverse().Where(Fits).Take(Tail);

    private bool Fits(LogEntry entry) =>
        entry.Level >= Level && (Since is null || entry.At >= Since) && (Until is null || entry.At <= Until) && (Pattern is null || Pattern.IsMatch(entry.Text));
}
