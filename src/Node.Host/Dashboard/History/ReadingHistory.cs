using Node.Host.Composition;
using Node.Host.Sensing;

namespace Node.Host.Dashboard.History;

/// <summary>
/// What the page's charts show after a reload: a day of every quantity, raw and filtered, in memory. At most 128 quantities of at most 36 KB
/// each, thus 4.6 MB; quantities beyond these have no history. Any thread.
/// </summary>
internal sealed class ReadingHistory(NodeClock clock)
{
    /// <summary>How many quantities have a history.</summary>
    public const int MostQuantities = 128;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Sensor, string Quantity), QuantityHistory> _quantities = [];

    private TimeSpan Now => clock.Time.GetElapsedTime(0);

    /// <summary>Takes a reading that was just taken.</summary>
    public void Add(string sensor, JudgedReading reading)
    {
        TimeSpan now = Now;
        lock (_gate)
        {
            foreach (JudgedValue value in reading.Values)
            {
                Find(sensor, value.Quantity.Name)?.Add(new HistoryPoint(now, (float)value.Raw, (float)(value.Shown ?? double.NaN)));
            }
        }
    }

    /// <summary>Takes a value that was sent, or waits to be, from before this start. What is older than a day, or not yet, is left out.</summary>
    public void AddEarlier(string sensor, string quantity, DateTimeOffset at, double filtered)
    {
        TimeSpan age = clock.UtcNow - at;
        if (age >= TimeSpan.Zero && age < QuantityHistory.Reach)
        {
            lock (_gate)
            {
                Find(sensor, quantity)?.AddToMinute(new HistoryPoint(Now - age, float.NaN, (float)filtered));
            }
        }
    }

    /// <summary>The sensor's quantities over the last <paramref name="span"/>, by the present wall clock. Empty for a sensor without a history.</summary>
    public SensorHistory Read(string sensor, TimeSpan span)
    {
        TimeSpan now = Now;
        DateTimeOffset wall = clock.UtcNow;
        double origin = (wall - DateTimeOffset.UnixEpoch - now).TotalSeconds;
        lock (_gate)
        {
            return new SensorHistory(sensor, Seconds(origin, now - span), Seconds(origin, now),
            [
                .. _quantities.Where(pair => pair.Key.Sensor == sensor).Select(pair => Series(pair.Key.Quantity, pair.Value.Since(now - span), origin)),
            ]);
        }
    }

    private static QuantitySeries Series(string quantity, IReadOnlyList<HistoryPoint> points, double origin) => new(
        quantity, [.. points.Select(point => Seconds(origin, point.At))], [.. points.Select(point => Number(point.Raw))], [.. points.Select(point => Number(point.Filtered))]);

    private static double Seconds(double origin, TimeSpan at) => Math.Round(origin + at.TotalSeconds, 3);

    /// <summary>A single's seven digits and no more; null for what JSON cannot say.</summary>
    private static double? Number(float value) => float.IsFinite(value) && Math.Abs(value) < 1e20f ? (double)(decimal)value : null;

    private QuantityHistory? Find(string sensor, string quantity)
    {
        if (!_quantities.TryGetValue((sensor, quantity), out QuantityHistory? found) && _quantities.Count < MostQuantities)
        {
            found = new QuantityHistory();
            _quantities.Add((sensor, quantity), found);
        }

        return found;
    }
}
