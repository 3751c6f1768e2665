namespace Node.Sensors.Filters;

/// <summary>clamp: outside the limits a value becomes the limit, or goes no further. A limit of NaN is none; NaN counts as outside.</summary>
internal sealed class ClampFilter(double minimum, double maximum, bool ignoreOutOfRange) : Filter
{
    public override double? Accept(double value, TimeSpan now)
    {
        if (double.IsFinite(minimum) && !(value >= minimum)) { return ignoreOutOfRange ? null : minimum; }
        if (double.IsFinite(maximum) && !(value <= maximum)) { return ignoreOutOfRange ? null : maximum; }

        return value;
    }
}
