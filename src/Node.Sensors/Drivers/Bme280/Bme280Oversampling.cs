namespace Node.Sensors.Drivers;

/// <summary>How many samples the BME280 averages for one value; the numbers are the chip's codes (BME280 datasheet, section 5.4.3).</summary>
public enum Bme280Oversampling
{
    /// <summary>The channel is not measured.</summary>
    Skipped = 0,

    /// <summary>One sample.</summary>
    X1 = 1,

    /// <summary>Two samples.</summary>
    X2 = 2,

    /// <summary>Four samples.</summary>
    X4 = 3,

    /// <summary>Eight samples.</summary>
    X8 = 4,

    /// <summary>Sixteen samples.</summary>
    X16 = 5,
}
