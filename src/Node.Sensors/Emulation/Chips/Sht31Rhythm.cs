namespace Node.Sensors.Emulation;

/// <summary>
/// Which measurements of an emulated SHT31 have ended by a given instant. Nothing runs by itself: each look at the chip brings it up to
/// date. Source: SHT3x-DIS datasheet version 5, table 4 and sections 4.2 to 4.8.
/// </summary>
internal sealed class Sht31Rhythm(ConversionTime conversionTime, Func<TimeSpan, TimeSpan> slowed)
{
    /// <summary>What a measurement that nobody saw may still change is its alert, and that only until the next one beyond a limit: these many are looked at.</summary>
    private const int MeasurementsThatMatter = 100_000;

    private TimeSpan _period;

    public bool IsMeasuringOnce { get; private set; }

    public bool IsPeriodic { get; private set; }

    /// <summary>The end of the running or next measurement.</summary>
    public TimeSpan End { get; private set; }

    /// <summary>The noise of the measurements that run: three standard deviations, tables 1 and 2.</summary>
    public (double Celsius, double Percent) Repeatability { get; private set; }

    public void Stop()
    {
        IsMeasuringOnce = false;
        IsPeriodic = false;
    }

    public void StartOnce(TimeSpan now, int repeatability)
    {
        Begin(now, repeatability);
        IsMeasuringOnce = true;
    }

    public void StartPeriodic(TimeSpan now, int repeatability, TimeSpan period)
    {
        Begin(now, repeatability);
        IsPeriodic = true;
        _period = period;
    }

    /// <summary>The next measurement that has ended, oldest first.</summary>
    /// <returns><see langword="false"/> when none has.</returns>
    public bool TryFinish(TimeSpan now, out TimeSpan end)
    {
        end = End;
        if (!(IsMeasuringOnce || IsPeriodic) || now < End) { return false; }

        if (IsMeasuringOnce) { IsMeasuringOnce = false; }
        else
        {
            long skipped = Math.Max(0, ((now - End).Ticks / _period.Ticks) - MeasurementsThatMatter);
            end = End + (_period * skipped);
            End = end + _period;
        }

        return true;
    }

    private void Begin(TimeSpan now, int repeatability)
    {
        (double typical, double longest, Repeatability) = repeatability switch
        {
            0 => (2.5, 4.5, (0.15, 0.21)),
            1 => (4.5, 6.5, (0.08, 0.15)),
            _ => (12.5, 15.5, (0.04, 0.08)),
        };
        End = now + slowed(TimeSpan.FromMilliseconds(conversionTime.Of(typical, longest)));
    }
}
