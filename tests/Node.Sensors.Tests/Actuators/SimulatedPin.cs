using Node.Sensors.Actuators;
using Node.Sensors.Bus;

namespace Node.Sensors.Tests.Actuators;

/// <summary>
/// A pin that outlives the programs driving it, with its own account of what happened on it: how long it was on without a break, not
/// counting the time in which it could not be driven or nobody ran.
/// </summary>
internal sealed class SimulatedPin(TimeProvider time)
{
    private long _changedAt = time.GetTimestamp();
    private double _counted;

    public double Latch { get; private set; }

    public double? Short { get; set; }

    public bool IsBroken { get; private set; }

    public bool IsAbandoned { get; private set; }

    /// <summary>Whether the present time on contains a span in which it could not be driven.</summary>
    public bool WasHindered { get; private set; }

    public long OffAt { get; private set; } = time.GetTimestamp();

    public double Level => Short ?? Latch;

    /// <summary>Seconds on without a break, up to now.</summary>
    public double SecondsOn => Latch > 0 && !IsBroken && !IsAbandoned ? _counted + time.GetElapsedTime(_changedAt).TotalSeconds : _counted;

    public event Action<SimulatedPin>? SwitchedOn;

    /// <summary>Told just before it goes off, with its account still open.</summary>
    public event Action<SimulatedPin>? SwitchingOff;

    public void Break(bool broken) => Account(() => (IsBroken, WasHindered) = (broken, WasHindered || broken));

    public void Abandon(bool abandoned) => Account(() => IsAbandoned = abandoned);

    public void Write(double level)
    {
        if (IsBroken) { throw new SensorException(SensorFault.BusUnavailable, "the line cannot be driven"); }

        double before = Latch;
        if (level == 0 && before > 0) { SwitchingOff?.Invoke(this); }

        Account(() => Latch = level);
        if (level == 0 && before > 0)
        {
            OffAt = time.GetTimestamp();
        }

        if (level == 0)
        {
            (_counted, WasHindered) = (0, false);
        }

        if (level > 0 && before == 0) { SwitchedOn?.Invoke(this); }
    }

    private void Account(Action change)
    {
        double seconds = SecondsOn;
        change();
        (_counted, _changedAt) = (seconds, time.GetTimestamp());
    }
}

/// <summary>A program's hold on the pin; one of a program that was killed does nothing any more.</summary>
internal sealed class SimulatedPort(SimulatedPin pin) : IOutputPort
{
    public bool IsDead { get; set; }

    public void Drive(double level)
    {
        if (!IsDead) { pin.Write(level); }
    }

    public double ReadBack() => IsDead ? 0 : pin.Level;

    public void Dispose() => Drive(0);
}
