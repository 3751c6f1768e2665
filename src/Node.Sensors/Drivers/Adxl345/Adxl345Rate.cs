namespace Node.Sensors.Drivers;

/// <summary>How many samples an ADXL345 takes in a second, with half as much bandwidth; the numbers are the chip's codes (BW_RATE bits 3:0).</summary>
public enum Adxl345Rate
{
    /// <summary>0.098 Hz: one sample in 10.24 s.</summary>
    Millihertz98 = 0,

    /// <summary>0.195 Hz.</summary>
    Millihertz195 = 1,

    /// <summary>0.391 Hz.</summary>
    Millihertz391 = 2,

    /// <summary>0.781 Hz.</summary>
    Millihertz781 = 3,

    /// <summary>1.5625 Hz.</summary>
    Millihertz1563 = 4,

    /// <summary>3.125 Hz.</summary>
    Millihertz3125 = 5,

    /// <summary>6.25 Hz.</summary>
    Millihertz6250 = 6,

    /// <summary>12.5 Hz.</summary>
    Millihertz12500 = 7,

    /// <summary>25 Hz.</summary>
    Hz25 = 8,

    /// <summary>50 Hz.</summary>
    Hz50 = 9,

    /// <summary>100 Hz.</summary>
    Hz100 = 10,

    /// <summary>200 Hz.</summary>
    Hz200 = 11,

    /// <summary>400 Hz.</summary>
    Hz400 = 12,

    /// <summary>800 Hz.</summary>
    Hz800 = 13,

    /// <summary>1600 Hz.</summary>
    Hz1600 = 14,

    /// <summary>3200 Hz.</summary>
    Hz3200 = 15,
}
