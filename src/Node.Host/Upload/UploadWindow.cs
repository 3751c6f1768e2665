using Node.Host.Configuration;

namespace Node.Host.Upload;

/// <summary>
/// The minutes, in UTC, in which normal readings go out: cron fields, several separated by <c>;</c>. <c>* 2-3 * * *</c> is 02:00 to 03:59;
/// empty text is always.
/// </summary>
internal sealed class UploadWindow
{
    public static readonly UploadWindow Always = new("", []);

    private const int MostParts = 8;
    private const int Fields = 5;

    private readonly IReadOnlyList<CronSchedule> _parts;

    private UploadWindow(string text, IReadOnlyList<CronSchedule> parts)
    {
        Text = text;
        _parts = parts;
    }

    /// <summary>As it was written, tidied; empty for always.</summary>
    public string Text { get; }

    /// <summary>Reads one; false with a reason for what is none, and then it is open always.</summary>
    public static bool TryParse(string text, out UploadWindow window, out string reason)
    {
        window = Always;
        reason = "";
        var parts = new List<CronSchedule>();
        foreach (string part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (part.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length != Fields)
            {
                reason = $"'{part}' does not have the five fields minute hour day month weekday, such as '* 2-3 * * *' for 02:00 to 03:59 UTC";
                return false;
            }

            if (!CronSchedule.TryParse(part, out CronSchedule? cron, out reason))
            {
                return false;
            }

            parts.Add(cron!);
        }

        if (parts.Count > MostParts)
        {
            reason = $"it has {parts.Count} parts; allowed are {MostParts}";
            return false;
        }

        window = parts.Count == 0 ? Always : new UploadWindow(string.Join("; ", parts.Select(part => part.Text)), parts);
        return true;
    }

    /// <summary>Whether the minute of this instant is one of the window's.</summary>
    public bool IsOpenAt(DateTimeOffset instant)
    {
        DateTimeOffset minute = MinuteOf(instant);
        return _parts.Count == 0 || _parts.Any(part => part.After(minute - TimeSpan.FromSeconds(1)) == minute);
    }

    /// <summary>The first minute after this instant that is one of the window's; null when there is none any more, or it is open always.</summary>
    public DateTimeOffset? NextAfter(DateTimeOffset instant) => _parts.Select(part => part.After(instant)).Min();

    private static DateTimeOffset MinuteOf(DateTimeOffset instant) =>
        new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
}
