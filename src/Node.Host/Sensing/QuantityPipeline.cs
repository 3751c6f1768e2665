using Node.Host.Configuration;
using Node.Sensors.Drivers;
using Node.Sensors.Filters;

namespace Node.Host.Sensing;

/// <summary>One quantity between driver and spool: its raw values are judged, then filtered. One caller at a time.</summary>
internal sealed class QuantityPipeline(Quantity quantity, QuantityOptions? options, FilterChainSettings filters, TimeSpan now)
{
    private readonly ValueMonitor _monitor = new(options?.Plausible ?? new ValueMonitorSettings());
    private readonly FilterChain _chain = new(filters, now);
    private readonly int _decimals = options?.Decimals ?? QuantityDecimals.Of(quantity);
    private readonly List<FilteredValue> _out = [];
    private double _raw = double.NaN;
    private Quality _quality;

    /// <summary>When the filters next bring something out by themselves; null when they do not.</summary>
    public TimeSpan? NextDue => _chain.NextDue;

    public void Apply(FilterChainSettings changed, TimeSpan at) => _chain.Apply(changed, at);

    /// <summary>Changes what is plausible.</summary>
    public void Apply(ValueMonitorSettings plausible) => _monitor.Settings = plausible;

    /// <summary>Takes a raw value.</summary>
    /// <returns>What comes out, in order; empty when the value is held back.</returns>
    public List<JudgedValue> Push(double raw, TimeSpan at)
    {
        _raw = raw;
        _quality = QualityOf(_monitor.Judge(raw, at));
        _out.Clear();
        _chain.Push(raw, at, _out);
        return [.. _out.Select(value => Judged(value.Value, _quality))];
    }

    /// <summary>Takes what the filters bring out by themselves.</summary>
    public List<JudgedValue> Advance(TimeSpan at, bool isStale)
    {
        _out.Clear();
        _chain.Advance(at, _out);
        return [.. _out.Select(value => Judged(value.Value, isStale ? Quality.Stale : _quality))];
    }

    /// <summary>The latest raw value, held back.</summary>
    public JudgedValue HeldBack() => new(quantity, _raw, null, _quality, _decimals);

    private JudgedValue Judged(double value, Quality quality) => new(quantity, _raw, value, double.IsNaN(value) ? Quality.Stale : quality, _decimals);

    private static Quality QualityOf(ValueQuality found) =>
        found.HasFlag(ValueQuality.OutOfRange) ? Quality.OutOfRange : found.HasFlag(ValueQuality.Stuck) ? Quality.Stuck : Quality.Good;
}
