namespace Node.Sensors.Emulation;

/// <summary>
/// Which measurements of an emulated SCD41 have ended by a given instant. Nothing runs by itself, and of many unseen measurements only the
/// last matters. Source: SCD4x datasheet version 1.4, sections 3.5 and 3.8.
/// </summary>
internal sealed class Scd41Rhythm
{
    private TimeSpan _start;
    private TimeSpan _period;
    private TimeSpan _next;

    public bool IsRunning { get; private set; }

    /// <summary>How long the last rhythm lasted, once it was stopped.</summary>
    public TimeSpan LastOperation { get; private set; }

    public void Start(TimeSpan now, TimeSpan period)
    {
        IsRunning = true;
        _start = now;
        _period = period;
        _next = now + period;
    }

    public void Stop(TimeSpan now)
    {
        if (IsRunning) { LastOperation = now - _start; }

        IsRunning = false;
    }

    /// <summary>Power is lost: no rhythm, and none that was.</summary>
    public void Forget()
    {
        IsRunning = false;
        LastOperation = TimeSpan.Zero;
    }

    /// <summary>The newest measurement that has ended since the last question.</summary>
    /// <returns><see langword="false"/> when none has.</returns>
    public bool TryFinish(TimeSpan now, out TimeSpan end)
    {
        end = _next;
        if (!IsRunning || now < _next) { return false; }

        end = _next + (_period * ((now - _next).Ticks / _period.Ticks));
        _next = end + _period;
        return true;
    }
}
