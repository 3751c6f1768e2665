namespace Node.Sensors.Emulation;

/// <summary>
/// Which conversions have begun and ended by a given instant. Nothing runs by itself: each look at the chip brings it up to date. A
/// conversion that runs keeps the settings that it began with. Source: ADS1115 datasheet SBAS444, operating modes.
/// </summary>
internal sealed class Ads1115Sequencer(Action<TimeSpan, TimeSpan, Ads1115Control> convert, ConversionTime conversionTime, Func<TimeSpan, TimeSpan> slowed)
{
    /// <summary>Beyond this many unseen conversions only the last ones are carried out.</summary>
    private const int ConversionsThatMatter = 4096;

    private Ads1115Control _running;
    private Ads1115Control _next;
    private TimeSpan _begin;
    private TimeSpan _end;

    public bool IsConverting { get; private set; }

    /// <summary>When the running conversion ends.</summary>
    public TimeSpan? NextEnd => IsConverting ? _end : null;

    public void Stop() => IsConverting = false;

    /// <summary>Obeys a write of Config. A start has no effect while a conversion runs; other settings wait for its end.</summary>
    public void Command(Ads1115Control control, TimeSpan now)
    {
        _next = control;
        if (!IsConverting && (control.IsContinuous || control.Starts)) { Begin(now, WakeUp(conversionTime)); }
    }

    /// <summary>Finishes every conversion whose end has come.</summary>
    public void AdvanceTo(TimeSpan now)
    {
        SkipWhatNobodySaw(now);
        while (IsConverting && now >= _end)
        {
            (TimeSpan begin, TimeSpan end, Ads1115Control control) = (_begin, _end, _running);
            if (_next.IsContinuous) { Begin(_end, TimeSpan.Zero); } else { IsConverting = false; }

            convert(begin, end, control);
        }
    }

    /// <summary>How long the chip needs out of power-down before it converts.</summary>
    private static TimeSpan WakeUp(ConversionTime time) => TimeSpan.FromMicroseconds(time.Of(25, 30));

    private void Begin(TimeSpan at, TimeSpan wakeUp)
    {
        IsConverting = true;
        _running = _next;
        _begin = at + wakeUp;
        _end = _begin + slowed(_running.Duration(conversionTime));
    }

    private void SkipWhatNobodySaw(TimeSpan now)
    {
        if (!IsConverting || !_next.IsContinuous || _running != _next) { return; }

        TimeSpan cycle = slowed(_running.Duration(conversionTime));
        long unseen = (now - _end).Ticks / cycle.Ticks;
        if (unseen > ConversionsThatMatter) { Begin(_begin + (cycle * (unseen - ConversionsThatMatter)), TimeSpan.Zero); }
    }
}
