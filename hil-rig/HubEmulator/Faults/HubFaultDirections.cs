namespace HubEmulator;

/// <summary>Which way the bytes go that a fault of kind <see cref="HubFaultKind.Corrupt"/> changes. The names in parentheses are those of the admin call.</summary>
[Flags]
public enum HubFaultDirections
{
    /// <summary>No way at all; no fault takes it.</summary>
    None = 0,

    /// <summary>(<c>toDevice</c>) What the hub sends, headers of packets included.</summary>
    ToDevice = 1,

    /// <summary>(<c>toHub</c>) What the device sends, after the header of each packet.</summary>
    ToHub = 2,

    /// <summary>(<c>both</c>) Both.</summary>
    Both = ToDevice | ToHub,
}
