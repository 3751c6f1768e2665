namespace HubEmulator.Faults;

/// <summary>The names of kinds, targets and directions in the admin call.</summary>
internal static class FaultNames
{
    private static readonly Dictionary<HubFaultKind, string> OfKinds = new()
    {
        [HubFaultKind.Refuse] = "refuse",
        [HubFaultKind.Drop] = "drop",
        [HubFaultKind.HalfOpen] = "half-open",
        [HubFaultKind.Delay] = "delay",
        [HubFaultKind.SlowAcknowledgement] = "slow-puback",
        [HubFaultKind.Duplicate] = "duplicate",
        [HubFaultKind.Throttle] = "throttle",
        [HubFaultKind.ExpireTokens] = "expire-tokens",
        [HubFaultKind.Disable] = "disable",
        [HubFaultKind.Corrupt] = "corrupt",
        [HubFaultKind.TakeOver] = "take-over",
        [HubFaultKind.LoseDesired] = "lose-desired",
        [HubFaultKind.Forget] = "forget",
        [HubFaultKind.Restart] = "restart",
    };

    private static readonly Dictionary<string, HubFaultTargets> OfTargets = new(StringComparer.Ordinal)
    {
        ["twin"] = HubFaultTargets.Twin,
        ["rest"] = HubFaultTargets.Rest,
        ["dps"] = HubFaultTargets.Provisioning,
        ["c2d"] = HubFaultTargets.Messages,
        ["puback"] = HubFaultTargets.Acknowledgements,
    };

    private static readonly Dictionary<string, HubFaultDirections> OfDirections = new(StringComparer.Ordinal)
    {
        ["toDevice"] = HubFaultDirections.ToDevice,
        ["toHub"] = HubFaultDirections.ToHub,
        ["both"] = HubFaultDirections.Both,
    };

    private static readonly Dictionary<string, HubFaultProtocols> OfProtocols = new(StringComparer.Ordinal)
    {
        ["mqtt"] = HubFaultProtocols.Mqtt,
        ["websocket"] = HubFaultProtocols.WebSocket,
        ["https"] = HubFaultProtocols.Https,
        ["amqp"] = HubFaultProtocols.Amqp,
    };

    public static IEnumerable<string> Kinds => OfKinds.Values;

    public static string Of(HubFaultKind kind) => OfKinds[kind];

    public static string Of(HubFaultDirections direction) => OfDirections.First(pair => pair.Value == direction).Key;

    public static IEnumerable<string> Of(HubFaultTargets targets) => OfTargets.Where(pair => targets.HasFlag(pair.Value)).Select(pair => pair.Key);

    public static IEnumerable<string> Of(HubFaultProtocols protocols) => OfProtocols.Where(pair => protocols.HasFlag(pair.Value)).Select(pair => pair.Key);

    public static bool TryReadProtocol(string? text, out HubFaultProtocols protocol) => OfProtocols.TryGetValue(text ?? "", out protocol);

    public static bool TryReadKind(string? text, out HubFaultKind kind)
    {
        kind = OfKinds.FirstOrDefault(pair => pair.Value == text).Key;
        return text is not null && OfKinds.ContainsValue(text);
    }

    public static bool TryReadTarget(string? text, out HubFaultTargets target) => OfTargets.TryGetValue(text ?? "", out target);

    public static bool TryReadDirection(string? text, out HubFaultDirections direction) => OfDirections.TryGetValue(text ?? "", out direction);
}
