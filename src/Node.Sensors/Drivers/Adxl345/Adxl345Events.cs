namespace Node.Sensors.Drivers;

/// <summary>What an ADXL345 can detect by itself; the bits are those of INT_SOURCE.</summary>
[Flags]
public enum Adxl345Events
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>All axes stayed near zero for the set time.</summary>
    FreeFall = 0x04,

    /// <summary>The chip lay still for the set time.</summary>
    Inactivity = 0x08,

    /// <summary>Acceleration beyond the set threshold.</summary>
    Activity = 0x10,

    /// <summary>Two short shocks, one soon after the other.</summary>
    DoubleTap = 0x20,

    /// <summary>A short shock.</summary>
    SingleTap = 0x40,
}
