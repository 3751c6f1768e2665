namespace Node.Sensors.Filters;

/// <summary>Instants at even distances from a start. What was missed while nobody looked is left out, and the rhythm stays.</summary>
internal struct Interval(TimeSpan period, TimeSpan start)
{
    public TimeSpan Due { get; private set; } = start + period;

    /// <summary>Goes on to the first instant after <paramref name="now"/>.</summary>
    public void MovePast(TimeSpan now)
    {
        long missed = (now - Due).Ticks / period.Ticks;
        Due += period * (missed + 1);
    }
}
