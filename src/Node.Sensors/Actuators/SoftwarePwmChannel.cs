using System.Device.Gpio;
using System.Device.Pwm;
using Node.Sensors.Bus;

namespace Node.Sensors.Actuators;

/// <summary>
/// PWM by a timer on a GPIO pin, for a machine without a free hardware channel. Two timer calls a period at most, and none while the level
/// is constant. The mean level is right; single edges are as late as the machine's timers are. Safe for use by several threads.
/// </summary>
internal sealed class SoftwarePwmChannel : PwmChannel
{
    /// <summary>Beyond it the timers' lateness is more than a share of the period that any load would stand.</summary>
    public const int HighestFrequency = 100;

    private readonly Lock _gate = new();
    private readonly GpioController _gpio;
    private readonly int _pin;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _timer;
    private SoftwarePwmCourse _course;
    private IOException? _failure;
    private int _frequency;
    private double _dutyCycle;
    private bool _isRunning;
    private bool _disposed;

    /// <summary>Opens the pin and drives it low.</summary>
    /// <exception cref="SensorException">The pins are not there, or the pin is in use.</exception>
    public SoftwarePwmChannel(IBusProvider buses, int pin, int frequency, double dutyCycle, TimeProvider time)
    {
        _pin = pin;
        _time = time;
        _start = time.GetTimestamp();
        (_frequency, _dutyCycle) = (Checked(frequency), Checked(dutyCycle));
        _course = Course();
        _gpio = buses.OpenGpio();
        try
        {
            _gpio.OpenPin(pin, PinMode.Output, PinValue.Low);
        }
        catch (Exception failure) when (failure is IOException or InvalidOperationException)
        {
            _gpio.Dispose();
            throw new SensorException(SensorFault.BusUnavailable, $"GPIO{pin} cannot be opened for PWM: {failure.Message}", failure);
        }

        _timer = time.CreateTimer(static channel => ((SoftwarePwmChannel)channel!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public override int Frequency
    {
        get => _frequency;
        set => Change(() => _frequency = Checked(value));
    }

    /// <remarks>Reading it tells of a pin that could no longer be switched.</remarks>
    /// <exception cref="IOException">The pin could not be switched.</exception>
    public override double DutyCycle
    {
        get
        {
            lock (_gate) { return _failure is { } failure ? throw new IOException(failure.Message, failure) : _dutyCycle; }
        }
        set => Change(() => _dutyCycle = Checked(value));
    }

    public override void Start() => Change(() => _isRunning = true);

    public override void Stop() => Change(() => _isRunning = false);

    /// <summary>The pin stays high with a duty cycle of 1 and is low otherwise.</summary>
    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            if (_disposed) { return; }

            _disposed = true;
            _timer.Dispose();
            try
            {
                _gpio.Write(_pin, _isRunning && _dutyCycle >= 1);
            }
            catch (IOException)
            {
                _isRunning = false; // a pin that is gone is not driven by anybody
            }
            finally
            {
                _gpio.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    private static int Checked(int frequency)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frequency, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frequency, HighestFrequency);
        return frequency;
    }

    private static double Checked(double dutyCycle)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(dutyCycle);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dutyCycle, 1);
        return dutyCycle;
    }

    private SoftwarePwmCourse Course() => new(_isRunning ? _dutyCycle : 0, TimeSpan.FromSeconds(1.0 / _frequency));

    private void Change(Action change)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            change();
            _course = Course();
            _failure = null;
            Switch();
        }
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            if (_disposed || _failure is not null) { return; }

            try
            {
                Switch();
            }
            catch (IOException failure)
            {
                _failure = failure; // told by the next look at the channel
            }
        }
    }

    private void Switch()
    {
        (bool isHigh, TimeSpan wait) = _course.Next(_time.GetElapsedTime(_start));
        _gpio.Write(_pin, isHigh);
        _timer.Change(Whole(wait), Timeout.InfiniteTimeSpan);
    }

    /// <summary>The machine's timers count whole milliseconds, and less than one would come at once, over and over.</summary>
    private static TimeSpan Whole(TimeSpan wait) =>
        wait == Timeout.InfiniteTimeSpan ? wait : TimeSpan.FromMilliseconds(Math.Max(1, Math.Round(wait.TotalMilliseconds)));
}
