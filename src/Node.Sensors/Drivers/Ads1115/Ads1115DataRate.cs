namespace Node.Sensors.Drivers;

/// <summary>
/// Conversions a second of an ADS1115; the numbers are the chip's codes (ADS1115 datasheet SBAS444, Config register, DR). A slower
/// conversion averages longer: at 8 a second hum of 50 and 60 Hz is weakest.
/// </summary>
public enum Ads1115DataRate
{
    /// <summary>8 a second: 125 ms.</summary>
    PerSecond8 = 0,

    /// <summary>16 a second: 62.5 ms.</summary>
    PerSecond16 = 1,

    /// <summary>32 a second: 31.25 ms.</summary>
    PerSecond32 = 2,

    /// <summary>64 a second: 15.6 ms.</summary>
    PerSecond64 = 3,

    /// <summary>128 a second: 7.8 ms.</summary>
    PerSecond128 = 4,

    /// <summary>250 a second: 4 ms.</summary>
    PerSecond250 = 5,

    /// <summary>475 a second: 2.1 ms.</summary>
    PerSecond475 = 6,

    /// <summary>860 a second: 1.2 ms.</summary>
    PerSecond860 = 7,
}
