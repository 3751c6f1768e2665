namespace HubEmulator;

/// <summary>What the sender of a cloud-to-device message wants to hear of its end.</summary>
public enum C2dAck
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>That the device has completed it.</summary>
    Positive,

    /// <summary>That it was given up.</summary>
    Negative,

    /// <summary>Either.</summary>
    Full,
}
