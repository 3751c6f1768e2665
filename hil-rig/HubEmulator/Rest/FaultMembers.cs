namespace HubEmulator.Rest;

/// <summary>Which members the JSON of a fault may have: <c>{"kind","deviceId","afterSeconds","forSeconds","seed","probability","count"}</c> and what its kind has beside these.</summary>
internal static class FaultMembers
{
    private static readonly string[] Common = ["kind", "deviceId", "afterSeconds", "forSeconds", "seed", "probability", "count"];

    private static readonly Dictionary<HubFaultKind, string[]> Own = new()
    {
        [HubFaultKind.Refuse] = ["protocols", "returnCode", "status", "text"],
        [HubFaultKind.Drop] = ["protocols", "everySeconds"],
        [HubFaultKind.HalfOpen] = ["protocols", "onlyOpen"],
        [HubFaultKind.Delay] = ["protocols", "delaySeconds", "jitterSeconds"],
        [HubFaultKind.SlowAcknowledgement] = ["protocols", "delaySeconds", "jitterSeconds"],
        [HubFaultKind.Duplicate] = ["protocols", "targets"],
        [HubFaultKind.Throttle] = ["targets", "retryAfterSeconds"],
        [HubFaultKind.ExpireTokens] = ["protocols"],
        [HubFaultKind.Corrupt] = ["protocols", "rate", "direction"],
        [HubFaultKind.TakeOver] = ["everySeconds"],
    };

    public static IEnumerable<string> Of(HubFaultKind kind) => Common.Concat(Own.GetValueOrDefault(kind, []));
}
