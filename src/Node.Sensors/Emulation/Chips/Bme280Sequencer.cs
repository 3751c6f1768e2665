namespace Node.Sensors.Emulation;

/// <summary>
/// Which measurements have begun and ended by a given instant. Nothing runs by itself: each look at the chip brings it up to date. Source:
/// BME280 datasheet, section 3.3.
/// </summary>
internal sealed class Bme280Sequencer(Action<TimeSpan, Bme280Control> measure, ConversionTime conversionTime, Func<TimeSpan, TimeSpan> slowed)
{
    /// <summary>A filter's memory of what came before this many measurements is below one part in 10^14.</summary>
    private const int MeasurementsThatMatter = 512;

    private Bme280Control _control;
    private (Bme280Mode Mode, Bme280Control Control)? _waiting;
    private TimeSpan _begin;
    private TimeSpan _end;

    public Bme280Mode Mode { get; private set; }

    public void Stop()
    {
        Mode = Bme280Mode.Sleep;
        _waiting = null;
    }

    /// <summary>Obeys a mode command. While a measurement runs, the first command waits for its end and later ones are ignored until then.</summary>
    public void Command(Bme280Mode mode, Bme280Control control, TimeSpan now)
    {
        if (IsMeasuring(now))
        {
            _waiting ??= (mode, control);
            return;
        }

        Begin(mode, control, now);
    }

    public bool IsMeasuring(TimeSpan now) => Mode != Bme280Mode.Sleep && now >= _begin && now < _end;

    /// <summary>Finishes every measurement whose end has come.</summary>
    public void AdvanceTo(TimeSpan now)
    {
        if (Mode == Bme280Mode.Normal && _waiting is null) { SkipWhatNobodySaw(now); }

        while (Mode != Bme280Mode.Sleep && now >= _end)
        {
            measure(_end, _control);
            BeginNext();
        }
    }

    private void BeginNext()
    {
        if (_waiting is { } command)
        {
            _waiting = null;
            Begin(command.Mode, command.Control, _end);
        }
        else if (Mode == Bme280Mode.Normal)
        {
            Begin(Mode, _control, _end + _control.Standby);
        }
        else
        {
            Mode = Bme280Mode.Sleep;
        }
    }

    private void Begin(Bme280Mode mode, Bme280Control control, TimeSpan at)
    {
        Mode = mode;
        _control = control;
        _begin = at;
        _end = at + slowed(control.Duration(conversionTime));
    }

    private void SkipWhatNobodySaw(TimeSpan now)
    {
        TimeSpan cycle = _end - _begin + _control.Standby;
        long ended = (now - _end).Ticks / cycle.Ticks;
        if (ended > MeasurementsThatMatter)
        {
            Begin(Mode, _control, _begin + (cycle * (ended - MeasurementsThatMatter)));
        }
    }
}
