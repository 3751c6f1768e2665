using System.Globalization;
using System.Text;

namespace Node.Host.Configuration;

/// <summary>
/// Durations as people write them (<c>500ms</c>, <c>10s</c>, <c>5m</c>, <c>1h30m</c>, <c>1d</c>) and as Plug and Play writes them
/// (ISO 8601: <c>PT10S</c>, <c>P1DT2H</c>; no years and months, whose length varies).
/// </summary>
internal static class Duration
{
    private const double LongestSeconds = 100 * 365.25 * 86_400;

    /// <summary>Reads either form, case-insensitively. False for anything else, negative durations included.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        text = text.Trim();
        bool iso = text is ['P' or 'p', ..];
        double seconds = 0;
        bool understood = iso ? TryReadIso(text[1..], out seconds) : TryReadShort(text, out seconds);
        understood = understood && seconds <= LongestSeconds;
        duration = understood ? TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond)) : default;
        return understood;
    }

    /// <summary>The canonical ISO 8601 text: <c>PT2S</c>, <c>PT0.5S</c>, <c>PT1M30S</c>, <c>P1D</c>; <c>PT0S</c> for zero.</summary>
    public static string Format(TimeSpan duration)
    {
        var text = new StringBuilder("P");
        if (duration.Days > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{duration.Days}D");
        }

        decimal seconds = (decimal)(duration.Ticks % TimeSpan.TicksPerMinute) / TimeSpan.TicksPerSecond;
        string time = (duration.Hours > 0 ? $"{duration.Hours}H" : "") + (duration.Minutes > 0 ? $"{duration.Minutes}M" : "")
            + (seconds > 0 || duration < TimeSpan.FromMinutes(1) ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#######}S") : "");
        text.Append(time.Length > 0 ? $"T{time}" : "");
        return text.ToString();
    }

    /// <summary>One part or several, such as <c>1h30m</c>: each unit at most once, the greater first.</summary>
    private static bool TryReadShort(ReadOnlySpan<char> text, out double seconds)
    {
        seconds = 0;
        double greater = double.PositiveInfinity;
        while (text.Length > 0)
        {
            int unitAt = text.IndexOfAnyExceptInRange('.', '9');
            if (unitAt <= 0 || !TryReadNumber(text[..unitAt], out double number))
            {
                return false;
            }

            text = text[unitAt..].TrimStart();
            int end = text.IndexOfAnyInRange('0', '9') is var next and >= 0 ? next : text.Length;
            double unit = UnitOf(text[..end].TrimEnd());
            if (!(unit < greater))
            {
                return false;
            }

            seconds += number * unit;
            greater = unit;
            text = text[end..];
        }

        return !double.IsInfinity(greater);
    }

    private static double UnitOf(ReadOnlySpan<char> name)
    {
        Span<char> lower = stackalloc char[3];
        int length = name.Length <= lower.Length ? name.ToLowerInvariant(lower) : 0;
        return lower[..length] switch
        {
            "ms" => 0.001,
            "s" => 1,
            "m" or "min" => 60,
            "h" => 3_600,
            "d" => 86_400,
            _ => double.NaN,
        };
    }

    private static bool TryReadIso(ReadOnlySpan<char> text, out double seconds)
    {
        int timeAt = text.IndexOfAny('T', 't');
        seconds = 0;
        return timeAt < 0
            ? text.Length > 0 && TryAdd(text, "WD", ref seconds)
            : timeAt < text.Length - 1 && TryAdd(text[..timeAt], "WD", ref seconds) && TryAdd(text[(timeAt + 1)..], "HMS", ref seconds);
    }

    /// <summary>Adds parts such as <c>1H30M</c>: each unit of <paramref name="order"/> at most once and in that order.</summary>
    private static bool TryAdd(ReadOnlySpan<char> text, ReadOnlySpan<char> order, ref double seconds)
    {
        while (text.Length > 0)
        {
            int end = text.IndexOfAnyExceptInRange('.', '9');
            int place = end <= 0 ? -1 : order.IndexOf(char.ToUpperInvariant(text[end]));
            if (place < 0 || !TryReadNumber(text[..end], out double number))
            {
                return false;
            }

            seconds += number * SecondsOf(order[place]);
            order = order[(place + 1)..];
            text = text[(end + 1)..];
        }

        return true;
    }

    private static double SecondsOf(char unit) => unit switch
    {
        'W' => 7 * 86_400,
        'D' => 86_400,
        'H' => 3_600,
        'M' => 60,
        _ => 1,
    };

    private static bool TryReadNumber(ReadOnlySpan<char> text, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
}
