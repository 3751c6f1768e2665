namespace Node.Sensors.Drivers;

/// <summary>The gyroscope's full scale; the numbers are the chip's codes (RM-MPU-6000A revision 4.2, section 4.4).</summary>
public enum Mpu6050GyroscopeRange
{
    /// <summary>±250 °/s, 131 counts for one degree per second.</summary>
    DegreesPerSecond250 = 0,

    /// <summary>±500 °/s, 65.5 counts for one degree per second.</summary>
    DegreesPerSecond500 = 1,

    /// <summary>±1000 °/s, 32.8 counts for one degree per second.</summary>
    DegreesPerSecond1000 = 2,

    /// <summary>±2000 °/s, 16.4 counts for one degree per second.</summary>
    DegreesPerSecond2000 = 3,
}
