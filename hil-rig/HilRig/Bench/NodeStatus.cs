using System.Text.Json.Nodes;

namespace HilRig.Bench;

/// <summary>What the node says of itself at <c>/api/status</c>; absent members are null, zero or empty.</summary>
internal sealed record NodeStatus(
    NodeIdentity Node,
    HubLink Hub,
    TelemetryFigures Telemetry,
    TwinFigures Twin,
    MethodFigures Methods,
    double? ConnectSeconds,
    IReadOnlyList<SensorState> Sensors,
    IReadOnlyList<ActuatorState> Actuators)
{
    public bool IsConnected => Hub.Status == "authenticated";
}

/// <summary>Who answers.</summary>
internal sealed record NodeIdentity(string DeviceId, string BootId, string Version, double UptimeSeconds);

/// <summary>The link to the hub and why it is as it is.</summary>
internal sealed record HubLink(string Status, string? Reason, string? Detail);

/// <summary>Counts of this process, except the last durable sequence number and the spool's depth, which outlive it.</summary>
internal sealed record TelemetryFigures(long Readings, long Durable, long LastDurableSequence, long Sent, long Confirmed, long Pending, long Dropped);

/// <summary>How far the node has followed the desired properties.</summary>
internal sealed record TwinFigures(long DesiredVersion, long AcknowledgedVersion);

/// <summary>Direct methods answered by this process.</summary>
internal sealed record MethodFigures(long Answered);

/// <summary>One sensor, its last values by the name of their quantity.</summary>
internal sealed record SensorState(string Name, string? Chip, string? Interval, string? State, string? Fault, JsonObject? Values, JsonObject? Units);

/// <summary>One actuator.</summary>
internal sealed record ActuatorState(string Name, string? Kind, string? State);
