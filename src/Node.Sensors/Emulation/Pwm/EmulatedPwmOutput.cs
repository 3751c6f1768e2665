using Node.Sensors.Bus;

namespace Node.Sensors.Emulation;

/// <summary>A PWM output seen from outside: what a rig measures, and breaks. Safe for use by several threads.</summary>
public sealed class EmulatedPwmOutput
{
    private readonly Lock _gate = new();
    private readonly string _name;
    private PwmSignal _signal;
    private bool _isOpen;
    private bool _isBroken;

    internal EmulatedPwmOutput(string name) => _name = name;

    /// <summary>Told of every change, on the thread that made it.</summary>
    public event EventHandler<PwmSignal>? Changed;

    /// <summary>What is put out now.</summary>
    public PwmSignal Signal
    {
        get
        {
            lock (_gate) { return _signal; }
        }
    }

    /// <summary>The mean level on the pin, 0 to 1.</summary>
    public double MeanLevel => Signal is { IsRunning: true } signal ? signal.DutyCycle : 0;

    /// <summary>Whether the hardware refuses every change, as a kernel does whose chip has gone.</summary>
    public bool IsBroken
    {
        get
        {
            lock (_gate) { return _isBroken; }
        }

        set
        {
            lock (_gate) { _isBroken = value; }
        }
    }

    internal void Open(int frequency, double dutyCycle)
    {
        lock (_gate)
        {
            if (_isOpen) { throw new SensorException(SensorFault.BusUnavailable, $"{_name} is in use already (errno 16)."); }

            _isOpen = true;
            _signal = new PwmSignal(frequency, dutyCycle, IsRunning: false);
        }
    }

    /// <summary>The kernel stops a channel that nobody holds.</summary>
    internal void Close()
    {
        lock (_gate)
        {
            _isOpen = false;
            _signal = _signal with { IsRunning = false };
        }

        Changed?.Invoke(this, Signal);
    }

    internal void Change(Func<PwmSignal, PwmSignal> change)
    {
        PwmSignal signal;
        lock (_gate)
        {
            if (_isBroken) { throw new IOException($"Error 5 ({_name}: Input/output error)"); }

            signal = change(_signal);
            _signal = signal;
        }

        Changed?.Invoke(this, signal);
    }
}
