using Node.Host.Configuration;
using Node.Sensors.Drivers;
using Node.Sensors.Filters;

namespace Node.Host.Sensing;

/// <summary>What happens to a sensor's values between driver and spool. Any thread; filters can be changed while it runs.</summary>
internal sealed class ReadingPipeline(SensorOptions options, SensorFilterSettings filters, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, QuantityPipeline> _quantities = new(StringComparer.Ordinal);
    private readonly long _origin = time.GetTimestamp();
    private SensorFilterSettings _filters = filters;
    private RangeMap _ranges = RangeMap.Of(options.Quantities);

    /// <summary>Judges and filters a reading.</summary>
    public PipelineOutput Work(SensorReading reading)
    {
        lock (_gate)
        {
            TimeSpan now = Now();
            List<(QuantityPipeline Quantity, List<JudgedValue> Out)> worked = [.. reading.Values.Select(value => Push(value, now))];
            List<JudgedReading> ready = Rows(worked);
            JudgedReading latest = ready.Count > 0 ? ready[^1] : new JudgedReading([.. worked.Select(one => one.Quantity.HeldBack())]);
            return new PipelineOutput(latest, ready);
        }
    }

    /// <summary>What filters bring out by themselves by now; nothing most of the time.</summary>
    /// <param name="isStale">Whether the sensor cannot be read, so that these are earlier values.</param>
    public IReadOnlyList<JudgedReading> Advance(bool isStale)
    {
        lock (_gate)
        {
            TimeSpan now = Now();
            return _quantities.Values.Any(quantity => quantity.NextDue <= now)
                ? Rows([.. _quantities.Values.Select(quantity => (quantity, quantity.Advance(now, isStale)))])
                : [];
        }
    }

    /// <summary>Changes the filters; a step that stays as it was keeps what it has gathered.</summary>
    public void Apply(SensorFilterSettings changed)
    {
        lock (_gate)
        {
            _filters = changed;
            foreach ((string name, QuantityPipeline quantity) in _quantities)
            {
                quantity.Apply(changed[name], Now());
            }
        }
    }

    /// <summary>Changes what is plausible; it judges what has been seen so far, too.</summary>
    public void Apply(RangeMap changed)
    {
        lock (_gate)
        {
            _ranges = changed;
            foreach ((string name, QuantityPipeline quantity) in _quantities)
            {
                quantity.Apply(changed[name]);
            }
        }
    }

    private (QuantityPipeline Quantity, List<JudgedValue> Out) Push(QuantityValue value, TimeSpan now)
    {
        string name = value.Quantity.Name;
        if (!_quantities.TryGetValue(name, out QuantityPipeline? quantity))
        {
            quantity = new QuantityPipeline(value.Quantity, options.Quantities.GetValueOrDefault(name), _filters[name], now);
            quantity.Apply(_ranges[name]);
            _quantities.Add(name, quantity);
        }

        return (quantity, quantity.Push(value.Value, now));
    }

    /// <summary>The values that came out, the last of each quantity together in one reading, earlier ones in readings before it.</summary>
    private static List<JudgedReading> Rows(List<(QuantityPipeline Quantity, List<JudgedValue> Out)> worked)
    {
        int rows = worked.Count == 0 ? 0 : worked.Max(one => one.Out.Count);
        return
        [
            .. Enumerable.Range(1, rows).Reverse().Select(fromEnd => new JudgedReading(
                [.. worked.Select(one => one.Out.Count >= fromEnd ? one.Out[^fromEnd] : one.Quantity.HeldBack())])),
        ];
    }

    private TimeSpan Now() => time.GetElapsedTime(_origin);
}
