namespace HubEmulator;

/// <summary>The kinds of events as they are named outside.</summary>
internal static class HubEventKinds
{
    public static string Name(HubEventKind kind) => kind switch
    {
        HubEventKind.Connected => "connected",
        HubEventKind.Disconnected => "disconnected",
        HubEventKind.FaultBegan => "fault-began",
        HubEventKind.FaultEnded => "fault-ended",
        _ => "refused",
    };
}
