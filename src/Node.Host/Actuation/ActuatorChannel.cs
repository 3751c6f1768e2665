using System.Device.Gpio;
using Microsoft.Extensions.Logging;
using Node.Host.Configuration;
using Node.Sensors.Actuators;
using Node.Sensors.Bus;

namespace Node.Host.Actuation;

/// <summary>One actuator. Takes its fail-safe state when opened and when disposed; one that cannot be opened says why. Any thread.</summary>
internal sealed partial class ActuatorChannel : IDisposable
{
    private readonly DigitalOutput? _output;
    private readonly ILogger _logger;
    private volatile bool _disposed;

    /// <summary>Opens the pin; a pin that cannot be had is logged and leaves the channel unavailable, the node goes on.</summary>
    public ActuatorChannel(ActuatorOptions options, Func<GpioController> gpio, ILogger logger)
    {
        Options = options;
        _logger = logger;
        try
        {
            _output = new DigitalOutput(
                gpio(), new DigitalOutputOptions { Pin = options.Pin, ActiveHigh = !options.ActiveLow, FailSafeOn = options.FailSafeOn });
        }
        catch (Exception unavailable) when (unavailable is SensorException or ArgumentException or InvalidOperationException)
        {
            Fault = unavailable.Message;
            LogUnavailable(logger, options.Name, unavailable.Message);
        }
    }

    public ActuatorOptions Options { get; }

    public string Name => Options.Name;

    /// <summary>Why the actuator cannot be worked; null when it can.</summary>
    public string? Fault { get; }

    /// <summary>The state read back from the pin; null when it cannot be read.</summary>
    public bool? IsOn
    {
        get
        {
            try
            {
                return _disposed ? Options.FailSafeOn : _output?.IsOn;
            }
            catch (SensorException unreadable)
            {
                LogUnreadable(_logger, Name, unreadable.Message);
                return null;
            }
        }
    }

    /// <summary>Switches it.</summary>
    /// <returns>The state in force afterwards, read back from the pin.</returns>
    /// <exception cref="SensorException">The actuator is unavailable, or the pin cannot be driven.</exception>
    public bool Set(bool on) => Output.Set(on);

    /// <summary>Switches it over.</summary>
    /// <returns>The state in force afterwards, read back from the pin.</returns>
    /// <exception cref="SensorException">The actuator is unavailable, or the pin cannot be driven.</exception>
    public bool Toggle() => Output.Toggle();

    /// <summary>Drives the fail-safe state and releases the pin; a failure is logged, for nothing else can be done.</summary>
    public void Dispose()
    {
        _disposed = true;
        try
        {
            _output?.Dispose();
        }
        catch (SensorException failure)
        {
            LogNotSafe(_logger, Name, failure.Message);
        }
    }

    private DigitalOutput Output => _disposed || _output is null
        ? throw new SensorException(SensorFault.BusUnavailable, $"{Name} is not available: {Fault ?? "the node is stopping"}")
        : _output;

    [LoggerMessage(EventId = 400, Level = LogLevel.Warning, Message = "Actuator {Actuator} is not available: {Reason}")]
    private static partial void LogUnavailable(ILogger logger, string actuator, string reason);

    [LoggerMessage(EventId = 401, Level = LogLevel.Debug, Message = "Actuator {Actuator} cannot be read back: {Reason}")]
    private static partial void LogUnreadable(ILogger logger, string actuator, string reason);

    [LoggerMessage(EventId = 402, Level = LogLevel.Critical, Message = "Actuator {Actuator} could not be put into its fail-safe state: {Reason}")]
    private static partial void LogNotSafe(ILogger logger, string actuator, string reason);
}
