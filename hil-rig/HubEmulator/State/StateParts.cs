namespace HubEmulator.State;

/// <summary>The documents of <c>hub.db</c> that belong to no identity.</summary>
internal static class StateParts
{
    public const string Hub = "hub";
    public const string Provisioning = "provisioning";
    public const string Jobs = "jobs";
    public const string Configurations = "configurations";
}
