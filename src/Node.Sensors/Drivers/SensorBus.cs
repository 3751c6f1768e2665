namespace Node.Sensors.Drivers;

/// <summary>How a chip is reached.</summary>
public enum SensorBus
{
    /// <summary>By bus number and address.</summary>
    I2c,

    /// <summary>By bus number and chip select.</summary>
    Spi,
}
