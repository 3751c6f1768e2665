using System.Globalization;

namespace Node.Sensors.Emulation;

/// <summary>Numbers and durations of a board file.</summary>
internal static class BoardValue
{
    private const double LongestSeconds = 100 * 365.25 * 86_400;

    public static double? Number(JsonPlace value, BoardProblems problems, double minimum = double.MinValue, double maximum = double.MaxValue)
    {
        if (value.Kind == JsonPlaceKind.Number && double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number) && number >= minimum && number <= maximum)
        {
            return number;
        }

        string range = minimum > double.MinValue && maximum < double.MaxValue
            ? string.Create(CultureInfo.InvariantCulture, $" from {minimum} to {maximum}")
            : minimum > double.MinValue ? string.Create(CultureInfo.InvariantCulture, $" of at least {minimum}") : "";
        problems.Add(value, $"{value.Shown} is not allowed; allowed is a number{range}.");
        return null;
    }

    /// <summary>A text such as "10s", "500ms", "5m", "2h", "1d", or a number of seconds.</summary>
    public static TimeSpan? Duration(JsonPlace value, BoardProblems problems, bool positive)
    {
        bool valid = TryDuration(value, out TimeSpan duration);
        if (valid && (!positive || duration > TimeSpan.Zero)) { return duration; }

        problems.Add(value, $"{value.Shown} is no duration; write it as \"500us\", \"20ms\", \"10s\", \"5m\", \"2h\" or \"1d\"{(positive ? ", longer than nothing" : "")}.");
        return null;
    }

    private static bool TryDuration(JsonPlace value, out TimeSpan duration)
    {
        duration = default;
        ReadOnlySpan<char> text = value.Text.AsSpan().Trim();
        int unitAt = value.Kind == JsonPlaceKind.Number ? text.Length : text.IndexOfAnyExceptInRange('.', '9');
        if (value.Kind is not (JsonPlaceKind.Number or JsonPlaceKind.Text) || unitAt <= 0) { return false; }

        double unit = text[unitAt..] switch
        {
            "us" => 1e-6,
            "ms" => 1e-3,
            "s" => 1,
            "m" or "min" => 60,
            "h" => 3_600,
            "d" => 86_400,
            "" when value.Kind == JsonPlaceKind.Number => 1,
            _ => double.NaN,
        };
        if (!double.TryParse(text[..unitAt], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)) { return false; }

        double seconds = number * unit;
        if (!(seconds <= LongestSeconds)) { return false; }

        duration = TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));
        return true;
    }
}
