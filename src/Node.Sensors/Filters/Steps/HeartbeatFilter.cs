namespace Node.Sensors.Filters;

/// <summary>heartbeat: sends the newest value once each period, whether it is new or not. Optimistic: passes every value at once besides.</summary>
internal sealed class HeartbeatFilter(TimeSpan period, bool optimistic, TimeSpan start) : Filter
{
    private Interval _interval = new(period, start);
    private double? _newest;

    public override TimeSpan? Due => _interval.Due;

    public override double? Accept(double value, TimeSpan now)
    {
        _newest = value;
        return optimistic ? value : null;
    }

    public override double? Turn(TimeSpan now)
    {
        _interval.MovePast(now);
        return _newest;
    }
}
