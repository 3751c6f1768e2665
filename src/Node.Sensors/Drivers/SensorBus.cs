namespace Node.Sensors.Drivers;

/// <summary>How a chip is reached.</summary>
public enum SensorBus
{
    /// <summary>By bus number and address.</summary>
    I2c,

    /// <summary>By bus number and chip select.</summary>
    Spi,

    /// <summary>By pins alone, which its options name.</summary>
    Gpio,

    /// <summary>Not at all: the machine that the program runs on measures itself.</summary>
    Machine,
}
