namespace Node.Sensors.Drivers;

/// <summary>One of the two interrupt outputs of an ADXL345.</summary>
public enum Adxl345Line
{
    /// <summary>INT1.</summary>
    Int1,

    /// <summary>INT2.</summary>
    Int2,
}
