using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;

namespace HilRig;

/// <summary>Reads durations as people and twins write them: <c>500ms</c>, <c>10s</c>, <c>5m</c>, <c>2h</c> or ISO 8601 <c>PT10S</c>.</summary>
internal static partial class Durations
{
    public const string Forms = "500ms, 10s, 5m, 2h or PT10S";

    public static bool TryParse(string text, out TimeSpan duration)
    {
        Match match = UnitForm().Match(text);
        if (match.Success)
        {
            double number = double.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);
            double seconds = number * SecondsPer(match.Groups["unit"].Value);
            duration = seconds <= TimeSpan.FromDays(366).TotalSeconds ? TimeSpan.FromSeconds(seconds) : default;
            return seconds <= TimeSpan.FromDays(366).TotalSeconds;
        }
        return TryParseIso(text, out duration);
    }

    /// <summary>The shortest of the forms above that says the same: <c>1.5s</c>, <c>10m</c>.</summary>
    public static string Write(TimeSpan duration) => duration switch
    {
        { TotalSeconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0.#}ms"),
        { TotalMinutes: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.##}s"),
        { TotalHours: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMinutes:0.#}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalHours:0.#}h"),
    };

    private static bool TryParseIso(string text, out TimeSpan duration)
    {
        duration = default;
        if (text.Length is < 3 or > 32 || text[0] != 'P')
        {
            return false;
        }
        try
        {
            duration = XmlConvert.ToTimeSpan(text);
            return duration >= TimeSpan.Zero && duration <= TimeSpan.FromDays(366);
        }
        catch (Exception fault) when (fault is FormatException or OverflowException)
        {
            return false; // XmlConvert has no Try form
        }
    }

    private static double SecondsPer(string unit) => unit switch
    {
        "ms" => 0.001,
        "m" => 60,
        "h" => 3600,
        _ => 1,
    };

    [GeneratedRegex(@"^(?<number>[0-9]{1,9}(\.[0-9]{1,6})?)(?<unit>ms|s|m|h)$", RegexOptions.ExplicitCapture)]
    private static partial Regex UnitForm();
}
