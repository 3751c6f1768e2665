namespace Node.Sensors.Filters;

/// <summary>
/// throttle: passes a value only when the one that passed before is old enough. throttle_with_priority: passes values of a list at any time.
/// </summary>
internal sealed class ThrottleFilter(TimeSpan gap, IReadOnlyList<double> urgent) : Filter
{
    private const int DecimalsOfUrgent = 2;

    private TimeSpan? _passed;

    public override double? Accept(double value, TimeSpan now)
    {
        if (now - _passed < gap && !FilterOutFilter.IsAmong(urgent, value, DecimalsOfUrgent)) { return null; }

        _passed = now;
        return value;
    }
}
