namespace Node.Sensors.Actuators;

/// <summary>
/// When a pin that a timer switches is high and when low, so that its mean level is the duty cycle however late the timer comes: what one
/// period was high too long, the next one is less.
/// </summary>
/// <param name="dutyCycle">The share of the time that the pin is high, 0 to 1.</param>
/// <param name="period">From one rise to the next.</param>
internal sealed class SoftwarePwmCourse(double dutyCycle, TimeSpan period)
{
    private bool _isHigh;
    private bool _hasBegun;
    private TimeSpan _since;
    private TimeSpan _periodEnd;
    private TimeSpan _owed;

    /// <summary>Moves on to this instant.</summary>
    /// <param name="now">Any clock's time; never less than before.</param>
    /// <returns>The level from now on, and for how long; for ever where the level is constant.</returns>
    public (bool IsHigh, TimeSpan Wait) Next(TimeSpan now)
    {
        if (dutyCycle is <= 0 or >= 1) { return (dutyCycle >= 1, Timeout.InfiniteTimeSpan); }

        Account(now);
        if (_isHigh && _periodEnd > now)
        {
            _isHigh = false;
            return (false, _periodEnd - now);
        }

        TimeSpan high = (period * dutyCycle) + _owed;
        _periodEnd = now + period;
        _isHigh = high > TimeSpan.Zero;
        return (_isHigh, _isHigh && high < period ? high : period);
    }

    /// <summary>Compares what was with what should have been since the last switch; never more than a period's worth, so that a long sleep is not made up for.</summary>
    private void Account(TimeSpan now)
    {
        if (_hasBegun)
        {
            TimeSpan passed = now - _since;
            _owed += (passed * dutyCycle) - (_isHigh ? passed : TimeSpan.Zero);
            _owed = TimeSpan.FromTicks(Math.Clamp(_owed.Ticks, -period.Ticks, period.Ticks));
        }

        _hasBegun = true;
        _since = now;
    }
}
