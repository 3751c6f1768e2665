using HubEmulator.Identity;

namespace HubEmulator.Faults;

/// <summary>The ranges of a fault's members, told by the names that the admin call has for them.</summary>
internal static class FaultRules
{
    /// <summary>What a throttling fault can hit.</summary>
    public const HubFaultTargets Throttled = HubFaultTargets.Twin | HubFaultTargets.Rest | HubFaultTargets.Provisioning;

    /// <summary>What a doubling fault can hit.</summary>
    public const HubFaultTargets Doubled = HubFaultTargets.Messages | HubFaultTargets.Acknowledgements;

    /// <summary>What devices come over.</summary>
    public const HubFaultProtocols Devices = HubFaultProtocols.Mqtt | HubFaultProtocols.WebSocket;

    private static readonly TimeSpan Day = TimeSpan.FromHours(24);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    /// <returns>Null, or which member is wrong and what it may be.</returns>
    public static string? FindBrokenRule(HubFault fault) => FindMisplaced(fault)
        ?? Demand(IsWithin(fault.After, TimeSpan.Zero, Day), "afterSeconds must be 0 to 86400.")
        ?? Demand(IsWithin(fault.For, Shortest, fault.Kind == HubFaultKind.Restart ? Hour : Day), fault.Kind == HubFaultKind.Restart ? "forSeconds of a restart must be 0.1 to 3600." : "forSeconds must be 0.1 to 86400.")
        ?? Demand(fault.Probability is > 0 and <= 1, "probability must be above 0 and at most 1.")
        ?? Demand(fault.Count is null or (>= 1 and <= 1_000_000), "count must be 1 to 1000000.")
        ?? Demand(fault.Status is null or (>= 400 and <= 599), "status must be 400 to 599.")
        ?? Demand(fault.Text is null or { Length: <= 1000 }, "text must have at most 1000 characters.")
        ?? Demand(fault.ReturnCode is >= 1 and <= 5, "returnCode must be 1 to 5.")
        ?? Demand(IsWithin(fault.Lateness, TimeSpan.Zero, Minute), "delaySeconds must be 0 to 60.")
        ?? Demand(IsWithin(fault.Jitter, TimeSpan.Zero, Minute), "jitterSeconds must be 0 to 60.")
        ?? Demand(fault.Every is not { } every || IsWithin(every, Shortest, Hour), "everySeconds must be 0.1 to 3600.")
        ?? Demand(fault.RetryAfterSeconds is >= 0 and <= 3600, "retryAfterSeconds must be 0 to 3600.")
        ?? Demand(fault.Rate is > 0 and <= 1, "rate must be above 0 and at most 1.")
        ?? Demand(fault.Direction is HubFaultDirections.ToDevice or HubFaultDirections.ToHub or HubFaultDirections.Both, "direction must be toDevice, toHub or both.");

    /// <summary>What faults of a kind can be restricted to; nothing for those that are not about connections or requests.</summary>
    public static HubFaultProtocols Restrictions(HubFault fault) => fault.Kind switch
    {
        HubFaultKind.Refuse when fault.Status is not null => HubFaultProtocols.Https | HubFaultProtocols.WebSocket,
        HubFaultKind.Drop => Devices | HubFaultProtocols.Amqp,
        HubFaultKind.Delay => Devices | HubFaultProtocols.Https,
        HubFaultKind.Refuse or HubFaultKind.HalfOpen or HubFaultKind.SlowAcknowledgement or HubFaultKind.Duplicate or HubFaultKind.ExpireTokens or HubFaultKind.Corrupt => Devices,
        _ => HubFaultProtocols.None,
    };

    private static string? FindMisplaced(HubFault fault)
    {
        if (!Enum.IsDefined(fault.Kind))
        {
            return $"kind must be one of {string.Join(", ", FaultNames.Kinds)}.";
        }

        bool isNamed = fault.DeviceId is not null;
        return Demand(!isNamed || IsIdentity(fault.DeviceId!), "deviceId must be a device id, {device}/{module}, or a registration id.")
            ?? Demand(isNamed || fault.Kind is not (HubFaultKind.Disable or HubFaultKind.TakeOver), $"deviceId must name the device: {FaultNames.Of(fault.Kind)} hits one.")
            ?? Demand(!isNamed || fault.Kind != HubFaultKind.Restart, "deviceId must be absent: a restart hits all.")
            ?? Demand(fault.Count is null || fault.Kind is not (HubFaultKind.Disable or HubFaultKind.Restart), $"count must be absent: {FaultNames.Of(fault.Kind)} strikes once.")
            ?? Demand(fault.Text is null || fault.Status is not null, "text needs a status: an answer to CONNECT has no room for one.")
            ?? Demand((fault.Protocols & ~Restrictions(fault)) == 0, $"protocols of {Named(fault)} must be {string.Join(" and ", FaultNames.Of(Restrictions(fault)))}.")
            ?? Demand((fault.Targets & ~Throttled) == 0 || fault.Kind != HubFaultKind.Throttle, "targets of throttle must be twin, rest and dps.")
            ?? Demand((fault.Targets & ~Doubled) == 0 || fault.Kind != HubFaultKind.Duplicate, "targets of duplicate must be c2d and puback.");
    }

    private static string Named(HubFault fault) => fault.Status is null ? FaultNames.Of(fault.Kind) : $"{FaultNames.Of(fault.Kind)} with a status";

    private static bool IsIdentity(string id) => DeviceIds.AreValid(DeviceIds.DeviceOf(id)) && DeviceIds.AreValid(DeviceIds.ModuleOf(id) ?? "none");

    private static bool IsWithin(TimeSpan span, TimeSpan least, TimeSpan most) => span >= least && span <= most;

    private static string? Demand(bool holds, string otherwise) => holds ? null : otherwise;
}
