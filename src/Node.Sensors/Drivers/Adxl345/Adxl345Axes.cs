namespace Node.Sensors.Drivers;

/// <summary>Which axes a detection looks at; the bits are the chip's.</summary>
[Flags]
public enum Adxl345Axes
{
    /// <summary>No axis.</summary>
    None = 0,

    /// <summary>Along z.</summary>
    Z = 1,

    /// <summary>Along y.</summary>
    Y = 2,

    /// <summary>Along x.</summary>
    X = 4,

    /// <summary>All three.</summary>
    All = X | Y | Z,
}
