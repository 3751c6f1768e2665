using Quartz;

namespace Node.Host.Configuration;

/// <summary>
/// When to sample, by the calendar in UTC: five fields as cron has them (<c>*/15 * * * *</c>), or six beginning with seconds, or seven ending
/// with the year, as Quartz has them.
/// </summary>
internal sealed class CronSchedule : IEquatable<CronSchedule>
{
    private const int LongestText = 120;

    private readonly CronExpression _expression;

    private CronSchedule(string text, CronExpression expression)
    {
        Text = text;
        _expression = expression;
    }

    /// <summary>As it was written, blanks tidied.</summary>
    public string Text { get; }

    /// <summary>As Quartz reads it.</summary>
    public string Expression => _expression.CronExpressionString;

    /// <summary>Reads one; false with a reason for what is none, what never comes and what comes more than once a second.</summary>
    public static bool TryParse(string text, out CronSchedule? schedule, out string reason)
    {
        string[] fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        schedule = null;
        reason = "expected are five fields (minute hour day month weekday, such as '*/15 * * * *'), or six with seconds first";
        if (text.Length > LongestText || fields.Length is < 5 or > 7)
        {
            return false;
        }

        try
        {
            var expression = new CronExpression(string.Join(' ', ForQuartz(fields)), TimeZoneInfo.Utc);
            schedule = new CronSchedule(string.Join(' ', fields), expression);
            return true;
        }
        catch (FormatException malformed)
        {
            reason = $"{malformed.Message.TrimEnd('.')}; {reason}";
            return false;
        }
    }

    /// <summary>The first instant after <paramref name="instant"/>; null when there is none any more.</summary>
    public DateTimeOffset? After(DateTimeOffset instant) => _expression.GetNextValidTimeAfter(instant);

    public bool Equals(CronSchedule? other) => other is not null && other.Text == Text;

    public override bool Equals(object? obj) => Equals(obj as CronSchedule);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    /// <summary>Seconds before, and a <c>?</c> for whichever of day and weekday is free: Quartz wants exactly one of the two.</summary>
    private static string[] ForQuartz(string[] fields)
    {
        string[] all = fields.Length == 5 ? ["0", .. fields] : [.. fields];
        if (fields.Length == 5)
        {
            all[5] = QuartzWeekdays(all[5]);
        }

        if (all[3] != "?" && all[5] != "?")
        {
            all[all[5] == "*" ? 5 : all[3] == "*" ? 3 : 5] = all[5] == "*" || all[3] == "*" ? "?" : all[5];
        }

        return all;
    }

    /// <summary>cron counts weekdays from Sunday 0 (or 7), Quartz from Sunday 1: digits move by one, names stay.</summary>
    private static string QuartzWeekdays(string field)
    {
        string[] parts = field.Split(',');
        for (int i = 0; i < parts.Length; i++)
        {
            int step = parts[i].IndexOf('/', StringComparison.Ordinal);
            string days = step < 0 ? parts[i] : parts[i][..step];
            parts[i] = string.Join('-', days.Split('-').Select(day =>
                day is [>= '0' and <= '7'] ? ((day[0] - '0') % 7 + 1).ToString(System.Globalization.CultureInfo.InvariantCulture) : day)) + (step < 0 ? "" : parts[i][step..]);
        }

        return string.Join(',', parts);
    }
}
