namespace Node.Sensors.Emulation;

/// <summary>Which way bits travel when they change.</summary>
public enum FlipDirection
{
    /// <summary>From the chip to the host.</summary>
    Read,

    /// <summary>From the host to the chip.</summary>
    Write,

    /// <summary>Both ways.</summary>
    Both,
}
