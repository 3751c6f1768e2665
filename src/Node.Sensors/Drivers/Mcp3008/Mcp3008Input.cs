namespace Node.Sensors.Drivers;

/// <summary>
/// What an MCP3008 converts: one channel against ground, or the difference of a pair. The numbers are the chip's four selection bits (SGL/DIFF,
/// D2, D1, D0; MCP3008 datasheet DS21295, table 5-2). A negative difference reads as 0.
/// </summary>
public enum Mcp3008Input
{
    /// <summary>CH0 minus CH1.</summary>
    Channel0Minus1 = 0,

    /// <summary>CH1 minus CH0.</summary>
    Channel1Minus0 = 1,

    /// <summary>CH2 minus CH3.</summary>
    Channel2Minus3 = 2,

    /// <summary>CH3 minus CH2.</summary>
    Channel3Minus2 = 3,

    /// <summary>CH4 minus CH5.</summary>
    Channel4Minus5 = 4,

    /// <summary>CH5 minus CH4.</summary>
    Channel5Minus4 = 5,

    /// <summary>CH6 minus CH7.</summary>
    Channel6Minus7 = 6,

    /// <summary>CH7 minus CH6.</summary>
    Channel7Minus6 = 7,

    /// <summary>CH0 against ground.</summary>
    Channel0 = 8,

    /// <summary>CH1 against ground.</summary>
    Channel1 = 9,

    /// <summary>CH2 against ground.</summary>
    Channel2 = 10,

    /// <summary>CH3 against ground.</summary>
    Channel3 = 11,

    /// <summary>CH4 against ground.</summary>
    Channel4 = 12,

    /// <summary>CH5 against ground.</summary>
    Channel5 = 13,

    /// <summary>CH6 against ground.</summary>
    Channel6 = 14,

    /// <summary>CH7 against ground.</summary>
    Channel7 = 15,
}
