namespace HubEmulator;

/// <summary>What happened between the hub and its devices.</summary>
public enum HubEventKind
{
    /// <summary>A device or module has connected.</summary>
    Connected,

    /// <summary>Its connection has ended; the detail says why.</summary>
    Disconnected,

    /// <summary>A CONNECT was refused; the detail says why.</summary>
    Refused,

    /// <summary>A fault on demand has begun; the device is the one that it is restricted to, or <c>*</c>.</summary>
    FaultBegan,

    /// <summary>A fault on demand has ended.</summary>
    FaultEnded,
}
