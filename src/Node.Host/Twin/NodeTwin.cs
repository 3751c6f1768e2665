using System.Text.Json.Nodes;
using Node.Host.Actuation;
using Node.Host.Automation;
using Node.Host.Configuration;
using Node.Host.Sensing;
using Node.Host.Upload;
using Node.HubClient;

namespace Node.Host.Twin;

/// <summary>
/// The node's Plug and Play twin: a component for each sensor and actuator, device information, and the root's
/// own settings. Runs in the hub loop's turns, except that the versions can be read by any thread.
/// </summary>
internal sealed class NodeTwin
{
    private readonly SensorArray _sensors;
    private readonly ActuatorBank _actuators;
    private readonly ReportedDocument _reported;
    private readonly UploadProperties? _upload;
    private readonly LocalAutomation? _automation;
    private readonly DesiredProperties _desired;
    private readonly Dictionary<string, SensorStatus> _shown = [];
    private long _desiredVersion;
    private long _acknowledgedVersion;

    public NodeTwin(
        SensorArray sensors, ActuatorBank actuators, IReadOnlyList<WritableProperty> own, ReportedDocument reported,
        LastGoodDesired lastGood, DeviceInformation device, Microsoft.Extensions.Logging.ILogger logger,
        UploadProperties? upload = null, LocalAutomation? automation = null)
    {
        _sensors = sensors;
        _actuators = actuators;
        _reported = reported;
        _upload = upload;
        _automation = automation;
        List<TwinComponent> components =
        [
            new("", [.. own, .. upload?.Writable ?? []]),
            .. sensors.Channels.Select(sensor => SensorProperties.Component(sensor, actuators)),
            .. actuators.Channels.Select(ActuatorProperties.Component),
            new(ComponentName.DeviceInformation, []),
        ];
        _desired = new DesiredProperties(components, reported, lastGood, logger);
        foreach ((string property, JsonNode value) in device.Properties)
        {
            reported.Set(ComponentName.DeviceInformation, property, value);
        }
    }

    /// <summary>The desired properties as the hub last told them, right or wrong.</summary>
    public DesiredDocument Desired { get; } = new();

    /// <summary>Version of the desired properties worked last; 0 before the first. Any thread.</summary>
    public long DesiredVersion => Interlocked.Read(ref _desiredVersion);

    /// <summary>The last version whose answers the hub has stored; 0 before the first. Any thread.</summary>
    public long AcknowledgedVersion => Interlocked.Read(ref _acknowledgedVersion);

    /// <summary>Puts the last good desired values in force, before anything is sampled.</summary>
    public void ApplyLastGood() => _desired.ApplyLastGood();

    /// <summary>Works a twin or a patch.</summary>
    public void Receive(TwinUpdateState state, ReadOnlySpan<byte> json)
    {
        Refresh();
        _desired.Receive(state, json);
        Desired.Receive(state, json);
        Interlocked.Exchange(ref _desiredVersion, _desired.Version);
    }

    /// <summary>Takes over how sensors and actuators fare; cheap when nothing has changed.</summary>
    public void Refresh()
    {
        foreach (SensorChannel sensor in _sensors.Channels)
        {
            SensorStatus status = sensor.Status;
            SensorStatus? shown = _shown.GetValueOrDefault(sensor.Name);
            if (shown is null || shown.State != status.State || shown.Reason != status.Reason)
            {
                _shown[sensor.Name] = status;
                _reported.Set(sensor.Name, "status", StatusOf(status));
            }
        }

        foreach (ActuatorChannel actuator in _actuators.Channels)
        {
            ActuatorProperties.Report(actuator, _reported);
        }

        _desired.Refresh();
        _automation?.Report(_reported);
        _upload?.Report(_reported);

        NoteHeld();
    }

    /// <summary>Takes over which version's answers the hub has stored by now.</summary>
    public void NoteHeld()
    {
        if (_reported.Held(DesiredProperties.LastVersion) is JsonValue held && held.TryGetValue(out long version))
        {
            Interlocked.Exchange(ref _acknowledgedVersion, version);
        }
    }

    private static JsonObject StatusOf(SensorStatus status)
    {
        var json = new JsonObject { ["state"] = StateName.Of(status.State) };
        if (status.Reason is not null)
        {
            json["reason"] = status.Reason;
        }

        return json;
    }
}
