namespace Node.Sensors.Emulation;

/// <summary>
/// Which conversions of an emulated TMP102 have ended by a given instant: continuous ones, and one-shots in shutdown. Nothing runs by itself:
/// each look at the chip brings it up to date. Source: TMP102 datasheet SBOS397, sections 6.5, 7.4.1 to 7.4.3 and 7.5.3.
/// </summary>
internal sealed class Tmp102Sequencer(TimeSpan conversionTime)
{
    private TimeSpan? _end;

    /// <summary>When the running or next conversion ends.</summary>
    public TimeSpan? Next => _end;

    /// <summary>Power-on: a conversion begins at once.</summary>
    public void Start(TimeSpan now) => _end = now + conversionTime;

    /// <summary>A write of Configuration.</summary>
    public void Command(TimeSpan now, bool isShutDown, bool oneShot)
    {
        if (isShutDown && now < _end - conversionTime) { _end = null; } // between two conversions: the next one is off
        if (!isShutDown || oneShot) { _end ??= now + conversionTime; }
    }

    /// <summary>The next conversion that has ended, oldest first. A conversion that was under way at shutdown is finished.</summary>
    /// <param name="now">The instant.</param>
    /// <param name="isShutDown">Whether none follows.</param>
    /// <param name="period">From one to the next.</param>
    /// <param name="end">When it ended.</param>
    /// <returns><see langword="false"/> when none has.</returns>
    public bool TryFinish(TimeSpan now, bool isShutDown, TimeSpan period, out TimeSpan end)
    {
        end = _end ?? TimeSpan.MaxValue;
        if (now < end) { return false; }

        long skipped = isShutDown ? 0 : Math.Max(0, ((now - end).Ticks / period.Ticks) - Tmp102Alert.ConversionsThatMatter);
        end += period * skipped; // of many unseen ones only the last few count, as many as the alert can need
        _end = isShutDown ? null : end + period;
        return true;
    }
}
