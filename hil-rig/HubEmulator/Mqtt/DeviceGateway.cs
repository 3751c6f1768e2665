using System.Collections.Concurrent;
using HubEmulator.C2d;
using HubEmulator.Faults;
using HubEmulator.Identity;
using HubEmulator.Methods;
using HubEmulator.Provisioning;
using HubEmulator.State;
using HubEmulator.Telemetry;
using HubEmulator.Trust;
using HubEmulator.Twins;
using Microsoft.Extensions.Logging;

namespace HubEmulator.Mqtt;

/// <summary>All connections of devices, whatever carries them: runs them, looks after their deadlines once a second, and drops them in an outage.</summary>
internal sealed partial class DeviceGateway : IDisposable
{
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<DeviceConversation, byte> _open = new();
    private readonly DeviceRegistry _registry;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly ITimer _sweep;

    public DeviceGateway(
        DeviceRegistry registry, ConnectGate gate, TelemetryIntake intake, MethodCalls methods, C2dDesk messages, StateFile state, RegistrationDesk provisioning, FaultDesk faults, TimeProvider clock, ILogger log)
    {
        _registry = registry;
        _clock = clock;
        _log = log;
        Gate = gate;
        Intake = intake;
        Methods = methods;
        Messages = messages;
        State = state;
        Provisioning = provisioning;
        Faults = faults;
        Twins = new TwinDesk(state, clock);
        _sweep = clock.CreateTimer(_ => Sweep(), null, SweepPeriod, SweepPeriod);
    }

    public TimeProvider Clock => _clock;

    public DateTimeOffset Now => _clock.GetUtcNow();

    public ConnectGate Gate { get; }

    public TelemetryIntake Intake { get; }

    public MethodCalls Methods { get; }

    public C2dDesk Messages { get; }

    public StateFile State { get; }

    public RegistrationDesk Provisioning { get; }

    public TwinDesk Twins { get; }

    /// <summary>Where connections that come, go or are refused are told.</summary>
    public HubEventLog ConnectionEvents { get; init; } = new();

    public FaultDesk Faults { get; }

    /// <summary>All connections of the moment, those without CONNECT included.</summary>
    public IEnumerable<DeviceConversation> Open => _open.Keys;

    /// <summary>Serves one connection until it ends.</summary>
    /// <param name="link">Its bytes.</param>
    /// <param name="certificate">The certificate of its client, or null.</param>
    public async Task ServeAsync(DeviceLink link, PresentedCertificate? certificate)
    {
        var conversation = new DeviceConversation(link, certificate, this);
        _open[conversation] = 0;
        try
        {
            await link.RunAsync(conversation);
        }
        finally
        {
            _open.TryRemove(conversation, out _);
            conversation.End();
            LogClosed(conversation.DeviceId, link.Reason);
            if (conversation.IsAdmitted)
            {
                ConnectionEvents.Append(Now, HubEventKind.Disconnected, conversation.DeviceId, CloseReasons.Describe(link.Reason));
            }
        }
    }

    /// <summary>True while the registry holds the device and lets it connect.</summary>
    public bool IsCurrent(Device device) => _registry.Find(device.Id) == device && _registry.IsEnabled(device);

    /// <summary>Ends at once the connections that are meant; each is asked about once.</summary>
    public void Close(Predicate<DeviceConversation> isMeant, CloseReason reason)
    {
        foreach (DeviceConversation conversation in _open.Keys)
        {
            if (isMeant(conversation))
            {
                conversation.Close(reason);
            }
        }
    }

    public void Dispose() => _sweep.Dispose();

    [LoggerMessage(Level = LogLevel.Information, Message = "Device {DeviceId} connected, clean session {Clean}.")]
    public partial void LogConnected(string deviceId, bool clean);

    [LoggerMessage(Level = LogLevel.Warning, Message = "CONNECT of client {ClientId} refused: {Reason}.")]
    public partial void LogRefused(string clientId, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The connection of {DeviceId} failed inside the hub.")]
    public partial void LogFailed(string deviceId, Exception cause);

    [LoggerMessage(Level = LogLevel.Information, Message = "Connection of {DeviceId} ended: {Reason}.")]
    private partial void LogClosed(string deviceId, CloseReason reason);

    private void Sweep()
    {
        DateTimeOffset now = _clock.GetUtcNow();
        foreach (DeviceConversation conversation in _open.Keys)
        {
            conversation.CheckDeadlines(now);
        }

        Messages.Sweep();
    }
}
