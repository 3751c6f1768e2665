namespace Node.Sensors.Emulation;

/// <summary>
/// Which samples are due by a given instant. Nothing runs by itself: each look at the chip brings it up to date. Source: ADXL345 datasheet,
/// rev. E, table 1 (turn-on time) and table 7 (output data rates).
/// </summary>
internal sealed class Adxl345Sampler(Action<TimeSpan> take)
{
    /// <summary>More than the FIFO holds, so that it is full of what it saw first.</summary>
    private const int FirstThatMatter = 64;

    /// <summary>More than any tap takes at any rate, so that detection goes on as if every sample had been taken.</summary>
    private const int LastThatMatter = 4096;

    /// <summary>Besides one period; table 1, note on turn-on time.</summary>
    private static readonly TimeSpan TurnOnTime = TimeSpan.FromMilliseconds(1.1);

    public TimeSpan Period { get; private set; }

    /// <summary>When the next sample is due; <see langword="null"/> in standby.</summary>
    public TimeSpan? Next { get; private set; }

    /// <summary>3200 Hz is code 15, and each step down halves it.</summary>
    public static TimeSpan PeriodOf(int rateCode) => TimeSpan.FromTicks(3125L << (15 - rateCode));

    public void Start(TimeSpan now, TimeSpan period) => (Next, Period) = (now + period + TurnOnTime, period);

    public void Stop() => Next = null;

    /// <summary>Goes on at another rate: the next sample is one new period away.</summary>
    public void ChangePeriod(TimeSpan now, TimeSpan period)
    {
        if (period == Period || Next is null) { return; }

        (Next, Period) = (now + period, period);
    }

    public void AdvanceTo(TimeSpan now)
    {
        int taken = 0;
        while (Next is { } due && due <= now)
        {
            if (taken++ == FirstThatMatter) { due = SkipWhatNobodySaw(due, now); }

            Next = due + Period;
            take(due);
        }
    }

    private TimeSpan SkipWhatNobodySaw(TimeSpan due, TimeSpan now)
    {
        long missed = (now - due).Ticks / Period.Ticks;
        return missed > LastThatMatter ? due + (Period * (missed - LastThatMatter)) : due;
    }
}
