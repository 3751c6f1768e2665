using System.Buffers;
using System.Globalization;

namespace Node.Sensors.Filters;

/// <summary>Durations as ESPHome writes them: a number and its unit, such as <c>500ms</c>, <c>10s</c>, <c>1.5min</c>, <c>1h</c>.</summary>
internal static class FilterDuration
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>Reads a duration from 1 ms to 30 days.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        ReadOnlySpan<char> trimmed = text.AsSpan().Trim();
        int unitAt = trimmed.IndexOfAnyExcept(NumberCharacters);
        if (unitAt <= 0 || !double.TryParse(trimmed[..unitAt], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count)) { return false; }

        double seconds = count * SecondsOf(trimmed[unitAt..].Trim());
        if (!(seconds >= Shortest.TotalSeconds && seconds <= Longest.TotalSeconds)) { return false; }

        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }

    private static double SecondsOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ms" or "milliseconds" => 0.001,
        "s" or "sec" or "seconds" => 1,
        "m" or "min" or "minutes" => 60,
        "h" or "hours" => 3600,
        "d" or "days" => 86400,
        _ => double.NaN,
    };
}
