namespace Node.Sensors.Drivers;

/// <summary>The largest acceleration that an ADXL345 measures either way; the numbers are the chip's codes (DATA_FORMAT bits 1:0).</summary>
public enum Adxl345Range
{
    /// <summary>±2 g.</summary>
    G2 = 0,

    /// <summary>±4 g.</summary>
    G4 = 1,

    /// <summary>±8 g.</summary>
    G8 = 2,

    /// <summary>±16 g.</summary>
    G16 = 3,
}
