using System.Device.Gpio;
using System.Globalization;
using Node.Sensors.Bus;

namespace Node.Sensors.Actuators;

/// <summary>
/// An on/off actuator on one GPIO pin: relay, LED, buzzer, valve. Takes its fail-safe state when it is opened, without a pulse of the
/// other level, and again when it is disposed. Safe for use by several threads.
/// </summary>
public sealed class DigitalOutput : IOutputPort
{
    private const int HighestPin = 53;

    private readonly Lock _gate = new();
    private readonly GpioController _controller;
    private readonly DigitalOutputOptions _options;
    private bool _disposed;

    /// <summary>Opens the pin. The controller stays the caller's and must outlive the output.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The pin number is outside 0 to 53.</exception>
    /// <exception cref="InvalidOperationException">The controller has this pin open already.</exception>
    /// <exception cref="SensorException">The pin cannot be opened or driven, mostly because another program holds it.</exception>
    public DigitalOutput(GpioController controller, DigitalOutputOptions options)
    {
        ArgumentNullException.ThrowIfNull(controller);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Pin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Pin, HighestPin);
        if (controller.IsPinOpen(options.Pin))
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"GPIO{options.Pin} is already in use in this program."));
        }

        _controller = controller;
        _options = options;
        try
        {
            OpenWithoutGlitch(LevelFor(options.FailSafeOn));
        }
        catch (IOException failure)
        {
            throw Failed("cannot be opened as an output; another program or kernel driver may hold it (gpioinfo shows who)", failure);
        }
    }

    /// <summary>The pin's BCM number.</summary>
    public int Pin => _options.Pin;

    /// <summary>The state read back from the pin now.</summary>
    /// <exception cref="ObjectDisposedException">The output was disposed.</exception>
    /// <exception cref="SensorException">The pin cannot be read.</exception>
    public bool IsOn
    {
        get
        {
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                return ReadBack();
            }
        }
    }

    /// <summary>Drives the pin.</summary>
    /// <returns>The state read back afterwards. It differs from <paramref name="on"/> when something stronger holds the line.</returns>
    /// <exception cref="ObjectDisposedException">The output was disposed.</exception>
    /// <exception cref="SensorException">The pin cannot be driven or read.</exception>
    public bool Set(bool on)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Drive(on);
            return ReadBack();
        }
    }

    /// <summary>Drives the opposite of the state read back now.</summary>
    /// <returns>The state read back afterwards.</returns>
    /// <exception cref="ObjectDisposedException">The output was disposed.</exception>
    /// <exception cref="SensorException">The pin cannot be driven or read.</exception>
    public bool Toggle()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Drive(!ReadBack());
            return ReadBack();
        }
    }

    /// <inheritdoc/>
    void IOutputPort.Drive(double level) => Set(level > 0);

    /// <inheritdoc/>
    double IOutputPort.ReadBack() => IsOn ? 1 : 0;

    /// <summary>Drives the fail-safe state and releases the pin.</summary>
    /// <exception cref="SensorException">The fail-safe state could not be driven; the pin was released all the same.</exception>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) { return; }

            _disposed = true;
            try
            {
                Drive(_options.FailSafeOn);
            }
            finally
            {
                _controller.ClosePin(Pin);
            }
        }
    }

    /// <summary>
    /// The span write reaches every driver while the line is still an input. The libgpiod 2 driver, whose set-mode call would first drive
    /// low, turns it into one request for direction and value; the others keep the value for the mode change, or ignore it. The single write
    /// then hands the value to the controller, which passes it along with the mode.
    /// </summary>
    private void OpenWithoutGlitch(PinValue initial)
    {
        _controller.OpenPin(Pin);
        try
        {
            _controller.Write([new PinValuePair(Pin, initial)]);
            _controller.Write(Pin, initial);
            _controller.SetPinMode(Pin, PinMode.Output);
        }
        catch
        {
            _controller.ClosePin(Pin);
            throw;
        }
    }

    private void Drive(bool on)
    {
        try
        {
            _controller.Write(Pin, LevelFor(on));
        }
        catch (IOException failure)
        {
            throw Failed("cannot be driven", failure);
        }
    }

    private bool ReadBack()
    {
        try
        {
            return _controller.Read(Pin) == LevelFor(true);
        }
        catch (IOException failure)
        {
            throw Failed("cannot be read back", failure);
        }
    }

    private PinValue LevelFor(bool on) => on == _options.ActiveHigh ? PinValue.High : PinValue.Low;

    private SensorException Failed(string text, IOException failure) => new(
        SensorFault.BusUnavailable, string.Create(CultureInfo.InvariantCulture, $"GPIO{Pin} {text}: {failure.Message}"), failure);
}
