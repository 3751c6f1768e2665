using System.Device.Pwm;

namespace Node.Sensors.Emulation;

/// <summary>One program's hold on an emulated PWM output, behind the library's face.</summary>
internal sealed class EmulatedPwmChannel : PwmChannel
{
    private readonly EmulatedPwmOutput _output;
    private bool _disposed;

    public EmulatedPwmChannel(EmulatedPwmOutput output, int frequency, double dutyCycle)
    {
        _output = output;
        _output.Open(frequency, dutyCycle);
    }

    public override int Frequency
    {
        get => _output.Signal.Frequency;
        set => Change(signal => signal with { Frequency = value });
    }

    public override double DutyCycle
    {
        get => _output.Signal.DutyCycle;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1);
            Change(signal => signal with { DutyCycle = value });
        }
    }

    public override void Start() => Change(signal => signal with { IsRunning = true });

    public override void Stop() => Change(signal => signal with { IsRunning = false });

    protected override void Dispose(bool disposing)
    {
        if (!_disposed)
        {
            _disposed = true;
            _output.Close();
        }

        base.Dispose(disposing);
    }

    private void Change(Func<PwmSignal, PwmSignal> change)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _output.Change(change);
    }
}
