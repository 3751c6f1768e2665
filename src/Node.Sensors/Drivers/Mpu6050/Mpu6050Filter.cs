namespace Node.Sensors.Drivers;

/// <summary>The digital low-pass filter, named by the gyroscope's bandwidth; the numbers are the chip's codes (RM-MPU-6000A revision 4.2, section 4.3).</summary>
public enum Mpu6050Filter
{
    /// <summary>256 Hz, accelerometer 260 Hz; delay 1 ms. The gyroscope then samples at 8 kHz, otherwise at 1 kHz.</summary>
    Hertz256 = 0,

    /// <summary>188 Hz, accelerometer 184 Hz; delay 2 ms.</summary>
    Hertz188 = 1,

    /// <summary>98 Hz, accelerometer 94 Hz; delay 3 ms.</summary>
    Hertz98 = 2,

    /// <summary>42 Hz, accelerometer 44 Hz; delay 5 ms.</summary>
    Hertz42 = 3,

    /// <summary>20 Hz, accelerometer 21 Hz; delay 8.5 ms.</summary>
    Hertz20 = 4,

    /// <summary>10 Hz; delay 14 ms.</summary>
    Hertz10 = 5,

    /// <summary>5 Hz; delay 19 ms.</summary>
    Hertz5 = 6,
}
