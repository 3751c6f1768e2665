using System.Text.Json.Serialization;

namespace Node.Host.Dashboard;

/// <summary>The node's status as <c>/api/status</c> and the method <c>getDiagnostics</c> give it. Holds no secret.</summary>
internal sealed record StatusReport(
    NodePart Node, HubPart Hub, TelemetryPart Telemetry, TwinPart Twin, MethodsPart Methods, double? ConnectSeconds,
    IReadOnlyList<SensorPart> Sensors, IReadOnlyList<ActuatorPart> Actuators, IReadOnlyList<BusPart> Buses, SpoolPart Spool, ClockPart Clock, PagePart Page, UploadPart Upload, IReadOnlyList<AlarmPart> Alarms,
    FleetPart? Fleet, UpdateLockPart UpdateLock);

internal sealed record NodePart(string? DeviceId, string BootId, string Version, double UptimeSeconds);

/// <summary>The place in a balena fleet, as the supervisor tells it; null elsewhere.</summary>
internal sealed record FleetPart(string? Name, string? Release, string? DeviceUuid, string? DeviceName, string? DeviceType, string? HostOs);

/// <summary>Whether updates are held up: <c>none</c> (nobody updates this node), <c>free</c>, <c>held</c>, <c>expired</c> or <c>refused</c>.</summary>
internal sealed record UpdateLockPart(string State, double? HeldSeconds);

/// <summary>What the spool holds, and what became of the rest over the life of its file.</summary>
internal sealed record SpoolPart(
    long Depth, long Unsent, long Bytes, long CapacityBytes, long Appended, long Confirmed, long DroppedByCapacity, long DroppedByAge, long DroppedByThinning, long Purged,
    long LostByCorruption, long Commits);

/// <summary>The wall clock, and whether it is known to be right.</summary>
internal sealed record ClockPart(DateTimeOffset Now, bool IsSynced, bool IsPlausible);

/// <summary>What the page must know of the program: whether it was built with charts, and whether a token allows changes.</summary>
internal sealed record PagePart(bool Charts, bool Token, string DataFolder);

internal sealed record HubPart(string Status, string Reason, string Detail, DateTimeOffset Since);

internal sealed record TelemetryPart(
    long Readings, long Durable, long LastDurableSequence, long Sent, long Confirmed, long Pending, long Dropped,
    double? OldestPendingSeconds, double? FirstConfirmedSeconds);

internal sealed record TwinPart(long DesiredVersion, long AcknowledgedVersion);

internal sealed record MethodsPart(long Answered);

internal sealed record SensorPart(
    string Name, string Chip, string Interval, string? Cron, bool Enabled, string State, string? Fault, DateTimeOffset? At, string Quality,
    IReadOnlyDictionary<string, double> Values, IReadOnlyDictionary<string, double> Raw, IReadOnlyDictionary<string, string> Qualities,
    IReadOnlyDictionary<string, string> Units, long FilteredOut, int Restarts);

/// <summary>How busy a bus is, or with <c>Device</c> one device on it: milliseconds of each second over the last ten seconds, and since the start.</summary>
internal sealed record BusPart(string Bus, string? Device, long Transfers, long Failures, double MillisecondsPerSecond, double Percent, double BusySeconds);

internal sealed record ActuatorPart(
    string Name, string Kind, string? State, double? Level, double FailSafe, string Cause, string? LastCommandBy, double? LastCommandSeconds,
    double? OnSeconds, double? LeaseSeconds, string? Fault, string? Disarmed);

/// <summary>What goes out: <c>open</c>, <c>windowClosed</c> or <c>budgetSpent</c>, with the day's bytes, its budget (0 for none) and a reckoned month.</summary>
internal sealed record UploadPart(
    string State, DateTimeOffset? NextOpening, long BytesToday, long DailyBytes, double? MegabytesPerMonth, string Window, int BatchCount, string Compression);

/// <summary>How a threshold stands: <c>raised</c> or <c>normal</c>, since when and at which value, and what became of the actuator that it drives.</summary>
internal sealed record AlarmPart(
    string Sensor, string Threshold, string State, DateTimeOffset? Since, double? Value, string? Drive, string? Quantity, double? Limit, string? Actuator);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(StatusReport))]
internal sealed partial class StatusJson : JsonSerializerContext;
