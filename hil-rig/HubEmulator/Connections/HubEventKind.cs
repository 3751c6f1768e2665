namespace HubEmulator;

/// <summary>What happened between the hub and a device.</summary>
public enum HubEventKind
{
    /// <summary>A device or module has connected.</summary>
    Connected,

    /// <summary>Its connection has ended; the detail says why.</summary>
    Disconnected,

    /// <summary>A CONNECT was refused; the detail says why.</summary>
    Refused,
}
