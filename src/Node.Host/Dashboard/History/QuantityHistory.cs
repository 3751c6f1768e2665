namespace Node.Host.Dashboard.History;

/// <summary>
/// The last day of one quantity in at most 36 KB: the newest 600 values as they came, and before them the means of each minute. One thread
/// at a time.
/// </summary>
internal sealed class QuantityHistory
{
    /// <summary>How many values are kept as they came.</summary>
    public const int MostRecent = 600;

    /// <summary>How far back minutes are kept.</summary>
    public static readonly TimeSpan Reach = TimeSpan.FromHours(24);

    private readonly Queue<HistoryPoint> _recent = new();
    private readonly HistoryHour?[] _hours = new HistoryHour?[25]; // The oldest and the newest are mostly broken ones.

    /// <summary>Takes a value that was just read.</summary>
    public void Add(HistoryPoint point)
    {
        if (_recent.Count == MostRecent)
        {
            _recent.Dequeue();
        }

        _recent.Enqueue(point);
        AddToMinute(point);
    }

    /// <summary>Takes a value from before; it counts in its minute. One beyond the reach of what is there already is left out.</summary>
    public void AddToMinute(HistoryPoint point)
    {
        long minute = (long)Math.Floor(point.At.TotalMinutes);
        long number = FloorDivide(minute, HistoryHour.Minutes);
        ref HistoryHour? hour = ref _hours[Place(number)];
        if (hour is null || hour.Number < number)
        {
            hour = new HistoryHour(number);
        }

        if (hour.Number == number)
        {
            hour.Add((int)(minute - (number * HistoryHour.Minutes)), point.Raw, point.Filtered);
        }
    }

    /// <summary>What is kept from <paramref name="from"/> on, oldest first: minutes until the values as they came begin.</summary>
    public IReadOnlyList<HistoryPoint> Since(TimeSpan from)
    {
        List<HistoryPoint> recent = [.. _recent.Where(point => point.At >= from)];
        bool isWhole = _recent.Count < MostRecent && !HasMinutesBefore(_recent);
        TimeSpan until = recent.Count > 0 ? recent[0].At : TimeSpan.MaxValue;
        return isWhole ? recent : [.. MinutesBetween(from, until), .. recent];
    }

    private bool HasMinutesBefore(Queue<HistoryPoint> recent) =>
        !recent.TryPeek(out HistoryPoint first) || MinutesBetween(TimeSpan.MinValue, TimeSpan.FromMinutes(Math.Floor(first.At.TotalMinutes))).Any();

    private IEnumerable<HistoryPoint> MinutesBetween(TimeSpan from, TimeSpan until) => _hours
        .Where(hour => hour is not null)
        .OrderBy(hour => hour!.Number)
        .SelectMany(hour => Enumerable.Range(0, HistoryHour.Minutes).Select(hour!.At))
        .Where(point => point is { } mean && mean.At >= from && mean.At < until)
        .Select(point => point!.Value);

    private int Place(long hour) => (int)(((hour % _hours.Length) + _hours.Length) % _hours.Length);

    private static long FloorDivide(long dividend, long divisor) => (dividend - (((dividend % divisor) + divisor) % divisor)) / divisor;
}
