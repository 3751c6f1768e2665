using System.Device.Pwm;
using System.Globalization;
using Node.Sensors.Bus;

namespace Node.Sensors.Actuators;

/// <summary>
/// A proportional actuator on a PWM channel, or on a pin that a timer switches: fan, dimmer, heater. Takes its fail-safe level when it is opened and again when it is
/// disposed. The channel goes on running at level 0, so that the pin is driven and not left floating. One thread at a time.
/// </summary>
public sealed class PwmOutput : IOutputPort
{
    private readonly PwmOutputOptions _options;
    private readonly PwmChannel _channel;
    private bool _disposed;

    /// <summary>Opens the channel.</summary>
    /// <param name="buses">Where channels and pins come from.</param>
    /// <param name="options">Which channel or pin, and how.</param>
    /// <param name="time">The clock that a pin is switched by; <see langword="null"/> for the machine's.</param>
    /// <exception cref="ArgumentOutOfRangeException">Chip, channel, pin, frequency or fail-safe level is outside its range.</exception>
    /// <exception cref="SensorException">The channel cannot be opened or started.</exception>
    public PwmOutput(IBusProvider buses, PwmOutputOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(buses);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Chip);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Channel);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Frequency, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Frequency, options.Pin is null ? 1_000_000 : PwmOutputOptions.HighestSoftwareFrequency);
        ArgumentOutOfRangeException.ThrowIfNegative(options.FailSafeLevel);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.FailSafeLevel, 1);
        _options = options;
        _channel = options.Pin is { } pin
            ? new SoftwarePwmChannel(buses, pin, options.Frequency, DutyFor(options.FailSafeLevel), time ?? TimeProvider.System)
            : buses.OpenPwm(options.Chip, options.Channel, options.Frequency, DutyFor(options.FailSafeLevel));
        try
        {
            _channel.Start();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _channel.Dispose();
            throw Failed("cannot be started", failure);
        }
    }

    /// <inheritdoc/>
    public void Drive(double level)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        try
        {
            _channel.DutyCycle = DutyFor(level);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Failed("cannot be driven", failure);
        }
    }

    /// <inheritdoc/>
    /// <remarks>What the channel was last told: PWM hardware has nothing to read the pin with.</remarks>
    public double ReadBack()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        try
        {
            return DutyFor(_channel.DutyCycle);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Failed("cannot be read back", failure);
        }
    }

    /// <summary>Drives the fail-safe level and releases the channel, which a kernel stops then.</summary>
    /// <exception cref="SensorException">The fail-safe level could not be driven; the channel was released all the same.</exception>
    public void Dispose()
    {
        if (_disposed) { return; }

        try
        {
            Drive(_options.FailSafeLevel);
        }
        finally
        {
            _disposed = true;
            _channel.Dispose();
        }
    }

    private double DutyFor(double level) => _options.Inverted ? 1 - level : level;

    private SensorException Failed(string text, Exception failure) => new(SensorFault.BusUnavailable,
        string.Create(CultureInfo.InvariantCulture, $"{(_options.Pin is { } pin ? $"PWM on GPIO{pin}" : $"PWM chip {_options.Chip} channel {_options.Channel}")} {text}: {failure.Message}"), failure);
}
