namespace Node.Sensors.Filters;

/// <summary>throttle_average: after each period the mean of what came in it; NaN when only NaN came, nothing when nothing came.</summary>
internal sealed class ThrottleAverageFilter(TimeSpan period, TimeSpan start) : Filter
{
    private Interval _interval = new(period, start);
    private double _sum;
    private int _count;
    private bool _hasUnknown;

    public override TimeSpan? Due => _interval.Due;

    public override double? Accept(double value, TimeSpan now)
    {
        if (double.IsNaN(value)) { _hasUnknown = true; }
        else { (_sum, _count) = (_sum + value, _count + 1); }

        return null;
    }

    public override double? Turn(TimeSpan now)
    {
        _interval.MovePast(now);
        double? mean = _count > 0 ? _sum / _count : _hasUnknown ? double.NaN : null;
        (_sum, _count, _hasUnknown) = (0, 0, false);
        return mean;
    }
}
