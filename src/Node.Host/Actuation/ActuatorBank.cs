using System.Device.Gpio;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Node.Host.Configuration;
using Node.Sensors.Actuators;
using Node.Sensors.Bus;

namespace Node.Host.Actuation;

/// <summary>
/// The node's actuators by name; all take their fail-safe state when the bank is made and when it is disposed. Their time limits run on a
/// timer of their own, whatever hub and sampling do, and nothing that is told of a change holds that timer up. Any thread.
/// </summary>
internal sealed partial class ActuatorBank : IDisposable
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Action<Action> _elsewhere;
    private readonly ITimer _look;
    private readonly Lazy<GpioController> _gpio;
    private readonly OutputBank _outputs;
    private readonly ActuatorRecord _record;
    private readonly ILogger _logger;
    private readonly string[] _told;
    private volatile bool _isConnected;
    private int _isSilent;
    private int _tells;
    private int _isDisposed;

    /// <summary>Opens every actuator. The GPIO chip is opened only when there is one on a pin; one that cannot be had is logged, and the node goes on.</summary>
    /// <param name="options">Which there are.</param>
    /// <param name="buses">Where they are.</param>
    /// <param name="time">Source of instants and of the timers that keep the limits.</param>
    /// <param name="record">What must be known after a crash.</param>
    /// <param name="logger">Told of changes.</param>
    /// <param name="elsewhere">Runs what a change sets off (log, disk, hub), which may take its time or hang; null for at once, on the thread that made the change.</param>
    public ActuatorBank(
        IReadOnlyList<ActuatorOptions> options, IBusProvider buses, TimeProvider time, ActuatorRecord record, ILogger logger, Action<Action>? elsewhere = null)
    {
        _elsewhere = elsewhere ?? (static work => work());
        _gpio = new Lazy<GpioController>(buses.OpenGpio, LazyThreadSafetyMode.None);
        _record = record;
        _logger = logger;
        Channels = [.. options.Select((each, index) => new ActuatorChannel(each, index, this))];
        _outputs = new OutputBank([.. options.Select(each => Open(each, buses))], time);
        _told = [.. Channels.Select(channel => channel.Status.Cause)];
        _outputs.Changed = CallForTell;
        _record.Keep(Channels);
        _look = time.CreateTimer(_ => Look(), null, Channels.Count == 0 ? Timeout.InfiniteTimeSpan : LookInterval, LookInterval);
    }

    public IReadOnlyList<ActuatorChannel> Channels { get; }

    /// <summary>Told, outside every lock, that an actuator has changed.</summary>
    public Action? Changed { get; set; }

    /// <summary>Asked every second whether whoever says that the hub is there still lives; one that hangs counts as a lost hub.</summary>
    public Func<bool>? IsHubWatched { get; set; }

    /// <summary>Looks an actuator up by its component name, which is compared exactly.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out ActuatorChannel? channel)
    {
        channel = Channels.FirstOrDefault(candidate => candidate.Name == name);
        return channel is not null;
    }

    /// <summary>Whether any actuator is out of its fail-safe state: an update had better wait.</summary>
    public bool IsAnyWorking => Channels.Any(channel => channel.Status is var status && status.Target != status.FailSafeLevel);

    /// <summary>Says whether the hub is there.</summary>
    public void SetConnected(bool connected)
    {
        _isConnected = connected;
        _outputs.SetConnected(connected && Volatile.Read(ref _isSilent) == 0);
    }

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

    /// <summary>
    /// Drives every fail-safe state and releases the hardware because the program dies of a defect. What was in use stays noted as such, so
    /// that it waits to be armed after the restart.
    /// </summary>
    public void Abandon()
    {
        _look.Dispose();
        _outputs.Changed = null;
        Release();
    }

    /// <summary>Drives every fail-safe state and releases the hardware; a failure is logged, for nothing else can be done. A second call does nothing.</summary>
    public void Dispose()
    {
        Abandon();
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            Tell(); // Here and not elsewhere: afterwards nobody may be left to do it.
        }
    }

    private void Release()
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

    private void Look()
    {
        int silent = IsHubWatched?.Invoke() ?? true ? 0 : 1;
        if (Interlocked.Exchange(ref _isSilent, silent) == silent)
        {
            return;
        }

        _outputs.SetConnected(_isConnected && silent == 0);
        _elsewhere(() =>
        {
            if (silent == 1)
            {
                LogHubHangs(_logger);
            }
            else
            {
                LogHubGoesOn(_logger);
            }
        });
    }

    /// <summary>One call that waits is enough, whatever happens meanwhile.</summary>
    private void CallForTell()
    {
        if (Interlocked.Exchange(ref _tells, 1) == 0)
        {
            _elsewhere(() =>
            {
                Volatile.Write(ref _tells, 0);
                Tell();
            });
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

    [LoggerMessage(EventId = 405, Level = LogLevel.Error, Message = "The hub client hangs; for the actuators the hub counts as lost")]
    private static partial void LogHubHangs(ILogger logger);

    [LoggerMessage(EventId = 406, Level = LogLevel.Warning, Message = "The hub client goes on")]
    private static partial void LogHubGoesOn(ILogger logger);

    [LoggerMessage(EventId = 402, Level = LogLevel.Critical, Message = "An actuator could not be put into its fail-safe state: {Reason}")]
    private static partial void LogNotSafe(ILogger logger, string reason);
}
