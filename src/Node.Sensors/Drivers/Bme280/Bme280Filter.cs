namespace Node.Sensors.Drivers;

/// <summary>The BME280's own low-pass filter over temperature and pressure; the numbers are the chip's codes (BME280 datasheet, section 3.4.4).</summary>
public enum Bme280Filter
{
    /// <summary>Every measurement stands alone.</summary>
    Off = 0,

    /// <summary>Coefficient 2.</summary>
    Coefficient2 = 1,

    /// <summary>Coefficient 4.</summary>
    Coefficient4 = 2,

    /// <summary>Coefficient 8.</summary>
    Coefficient8 = 3,

    /// <summary>Coefficient 16: a step needs about 50 measurements to settle.</summary>
    Coefficient16 = 4,
}
