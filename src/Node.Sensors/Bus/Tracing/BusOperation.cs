namespace Node.Sensors.Bus;

/// <summary>What one line of a trace tells of.</summary>
public enum BusOperation
{
    /// <summary>I2C or SPI: bytes to the chip.</summary>
    Write,

    /// <summary>I2C or SPI: bytes from the chip.</summary>
    Read,

    /// <summary>I2C: both, with a repeated START between.</summary>
    WriteRead,

    /// <summary>SPI: both at the same time.</summary>
    Transfer,

    /// <summary>A pin: its level changed by itself.</summary>
    Edge,

    /// <summary>A pin: the program drove a level.</summary>
    PinWrite,

    /// <summary>A pin: the program asked for the level.</summary>
    PinRead,

    /// <summary>A pin: the program gave it a mode.</summary>
    PinMode,
}
