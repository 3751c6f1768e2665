namespace Node.Sensors.Drivers;

/// <summary>What a look at an ADXL345 found.</summary>
internal enum Adxl345Look
{
    /// <summary>No sample that was not read yet.</summary>
    Nothing,

    /// <summary>A new sample.</summary>
    Sample,

    /// <summary>The chip is set up otherwise than it was: it has lost power.</summary>
    LostSettings,
}
