namespace Node.Sensors.Filters;

/// <summary>timeout: passes every value, and when none came for the period sends once the configured one (NaN by default) or the last.</summary>
internal sealed class TimeoutFilter(TimeSpan period, double? value) : Filter
{
    private TimeSpan? _due;
    private double _last;

    public override TimeSpan? Due => _due;

    public override double? Accept(double value, TimeSpan now)
    {
        (_last, _due) = (value, now + period);
        return value;
    }

    public override double? Turn(TimeSpan now)
    {
        _due = null;
        return value ?? _last;
    }
}
