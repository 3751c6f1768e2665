using System.Device.Gpio;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Node.Host.Configuration;
using Node.Sensors.Actuators;
using Node.Sensors.Bus;

namespace Node.Host.Actuation;

/// <summary>
/// The node's actuators by name; all take their fail-safe state when the bank is made and when it is disposed. Their time limits run on a
/// timer of their own, whatever hub and sampling do. Any thread.
/// </summary>
internal sealed partial class ActuatorBank : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Lazy<GpioController> _gpio;
    private readonly OutputBank _outputs;
    private readonly ActuatorRecord _record;
    private readonly ILogger _logger;
    private readonly string[] _told;

    /// <summary>Opens every actuator. The GPIO chip is opened only when there is one on a pin; one that cannot be had is logged, and the node goes on.</summary>
    public ActuatorBank(IReadOnlyList<ActuatorOptions> options, IBusProvider buses, TimeProvider time, ActuatorRecord record, ILogger logger)
    {
        _gpio = new Lazy<GpioController>(buses.OpenGpio, LazyThreadSafetyMode.None);
        _record = record;
        _logger = logger;
        Channels = [.. options.Select((each, index) => new ActuatorChannel(each, index, this))];
        _outputs = new OutputBank([.. options.Select(each => Open(each, buses))], time);
        _told = [.. Channels.Select(channel => channel.Status.Cause)];
        _outputs.Changed = Tell;
        _record.Keep(Channels);
    }

    public IReadOnlyList<ActuatorChannel> Channels { get; }

    /// <summary>Told, outside every lock, that an actuator has changed.</summary>
    public Action? Changed { get; set; }

    /// <summary>Looks an actuator up by its component name, which is compared exactly.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out ActuatorChannel? channel)
    {
        channel = Channels.FirstOrDefault(candidate => candidate.Name == name);
        return channel is not null;
    }

    /// <summary>Whether any actuator is out of its fail-safe state: an update had better wait.</summary>
    public bool IsAnyWorking => Channels.Any(channel => channel.Status is var status && status.Target != status.FailSafeLevel);

    /// <summary>Says whether the hub is there.</summary>
    public void SetConnected(bool connected) => _outputs.SetConnected(connected);

    public OutputStatus StatusOf(int index) => _outputs.StatusOf(index);

    public OutputLimits LimitsOf(int index) => _outputs.LimitsOf(index);

    public void SetLimits(int index, OutputLimits limits) => _outputs.SetLimits(index, limits);

    /// <summary>Carries a command out. Where re-arming is asked for, the intent is on the disk before the hardware moves.</summary>
    public OutputAnswer Execute(int index, OutputCommand command)
    {
        ActuatorChannel channel = Channels[index];
        return channel.Options.NeedsRearming && command.Kind is OutputCommandKind.Set or OutputCommandKind.Toggle or OutputCommandKind.Pulse
            && !_record.TryNoteMove(channel.Name, out string reason)
            ? new OutputAnswer(OutputRefusal.Fault, $"{channel.Name} is not moved, because it could not be recorded: {reason}", null, channel.Status)
            : _outputs.Execute(index, command);
    }

    /// <summary>Drives every fail-safe state and releases the hardware; a failure is logged, for nothing else can be done. A second call does nothing.</summary>
    public void Dispose()
    {
        try
        {
            _outputs.Dispose();
        }
        catch (SensorException failure)
        {
            LogNotSafe(_logger, failure.Message);
        }

        if (_gpio.IsValueCreated)
        {
            _gpio.Value.Dispose();
        }
    }

    private OutputOnPort Open(ActuatorOptions options, IBusProvider buses)
    {
        string? disarmed = options.NeedsRearming ? _record.WhyDisarmed(options.Name) : null;
        try
        {
            IOutputPort port = options.IsPwm
                ? new PwmOutput(buses, options.Pwm with { Inverted = options.ActiveLow, FailSafeLevel = options.FailSafeLevel })
                : new DigitalOutput(_gpio.Value, new DigitalOutputOptions { Pin = options.Pin, ActiveHigh = !options.ActiveLow, FailSafeOn = options.FailSafeOn });
            return new OutputOnPort(options.Rules, options.Limits, port, null, disarmed);
        }
        catch (Exception unavailable) when (unavailable is SensorException or ArgumentException or InvalidOperationException)
        {
            LogUnavailable(_logger, options.Name, unavailable.Message);
            return new OutputOnPort(options.Rules, options.Limits, null, unavailable.Message, disarmed);
        }
    }

    private void Tell()
    {
        lock (_gate)
        {
            for (int i = 0; i < _told.Length; i++)
            {
                OutputStatus status = Channels[i].Status;
                string now = $"{(status.IsOn is { } on ? OnOff.Text(on) : "not readable")}, {status.Cause}{(status.Fault is null ? "" : $", fault: {status.Fault}")}";
                if (_told[i] != now)
                {
                    _told[i] = now;
                    LogChanged(_logger, status.Name, now);
                }
            }

            _record.Keep(Channels);
        }

        Changed?.Invoke();
    }

    [LoggerMessage(EventId = 400, Level = LogLevel.Warning, Message = "Actuator {Actuator} is not available: {Reason}")]
    private static partial void LogUnavailable(ILogger logger, string actuator, string reason);

    [LoggerMessage(EventId = 401, Level = LogLevel.Information, Message = "Actuator {Actuator}: {State}")]
    private static partial void LogChanged(ILogger logger, string actuator, string state);

    [LoggerMessage(EventId = 402, Level = LogLevel.Critical, Message = "An actuator could not be put into its fail-safe state: {Reason}")]
    private static partial void LogNotSafe(ILogger logger, string reason);
}
