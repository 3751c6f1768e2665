namespace Node.Sensors.Emulation;

/// <summary>Which samples have been taken by a given instant. Nothing runs by itself: each look at the chip brings it up to date. Asleep it takes none.</summary>
/// <param name="sample">Takes the sample of an instant.</param>
/// <param name="memory">How long a sample may matter beyond the FIFO.</param>
/// <param name="conversionTime">How long the gyroscope takes to come up.</param>
/// <param name="slowed">What becomes of a period.</param>
internal sealed class Mpu6050Sampler(
    Action<TimeSpan, Mpu6050Control, double> sample, Func<TimeSpan> memory, ConversionTime conversionTime, Func<TimeSpan, TimeSpan> slowed)
{
    /// <summary>More samples than the FIFO can hold of anything: earlier ones leave no trace.</summary>
    private const int SamplesThatMatter = Mpu6050Fifo.Capacity;

    private Mpu6050Control _control;
    private TimeSpan _awakeSince;
    private TimeSpan _next;
    private bool _isRunning;

    /// <summary>When the next sample is taken.</summary>
    public TimeSpan? Next => _isRunning ? _next : null;

    public void Stop() => _isRunning = false;

    /// <summary>New settings hold from the next sample on; a new rate counts from now.</summary>
    public void Command(Mpu6050Control control, TimeSpan now)
    {
        bool wakes = !_isRunning && !control.IsAsleep;
        bool retimes = _control.Period != control.Period;
        _control = control;
        _isRunning = !control.IsAsleep;
        if (wakes) { _awakeSince = now; }
        if (wakes || retimes) { _next = now + slowed(control.Period); }
    }

    /// <summary>Takes every sample whose time has come.</summary>
    public void AdvanceTo(TimeSpan now)
    {
        if (!_isRunning) { return; }

        TimeSpan period = slowed(_control.Period);
        long due = now < _next ? 0 : ((now - _next).Ticks / period.Ticks) + 1;
        long matter = Math.Max(SamplesThatMatter, memory().Ticks / period.Ticks);
        if (due > matter) { _next += period * (due - matter); }

        while (now >= _next)
        {
            sample(_next, _control, GyroscopeShare(_next));
            _next += period;
        }
    }

    /// <summary>The gyroscope needs 30 ms to come up; the longest time is not specified and taken as 20 % more.</summary>
    private double GyroscopeShare(TimeSpan at)
    {
        TimeSpan startUp = TimeSpan.FromMilliseconds(conversionTime.Of(30, 36));
        return Math.Min(1.0, (at - _awakeSince) / startUp);
    }
}
