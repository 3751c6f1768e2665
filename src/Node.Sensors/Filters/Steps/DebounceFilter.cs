namespace Node.Sensors.Filters;

/// <summary>debounce: passes a value once nothing newer has come for the period.</summary>
internal sealed class DebounceFilter(TimeSpan period) : Filter
{
    private TimeSpan? _due;
    private double _waiting;

    public override TimeSpan? Due => _due;

    public override double? Accept(double value, TimeSpan now)
    {
        (_waiting, _due) = (value, now + period);
        return null;
    }

    public override double? Turn(TimeSpan now)
    {
        _due = null;
        return _waiting;
    }
}
