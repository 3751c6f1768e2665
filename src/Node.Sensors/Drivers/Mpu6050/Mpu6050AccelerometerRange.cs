namespace Node.Sensors.Drivers;

/// <summary>The accelerometer's full scale; the numbers are the chip's codes (RM-MPU-6000A revision 4.2, section 4.5).</summary>
public enum Mpu6050AccelerometerRange
{
    /// <summary>±2 g, 16,384 counts for one g.</summary>
    G2 = 0,

    /// <summary>±4 g, 8,192 counts for one g.</summary>
    G4 = 1,

    /// <summary>±8 g, 4,096 counts for one g.</summary>
    G8 = 2,

    /// <summary>±16 g, 2,048 counts for one g.</summary>
    G16 = 3,
}
