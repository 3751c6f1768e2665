namespace Node.Sensors.Drivers;

/// <summary>What an ADS1115 converts; the numbers are the chip's codes (ADS1115 datasheet SBAS444, Config register, MUX).</summary>
public enum Ads1115Input
{
    /// <summary>AIN0 minus AIN1.</summary>
    Difference01 = 0,

    /// <summary>AIN0 minus AIN3.</summary>
    Difference03 = 1,

    /// <summary>AIN1 minus AIN3.</summary>
    Difference13 = 2,

    /// <summary>AIN2 minus AIN3.</summary>
    Difference23 = 3,

    /// <summary>AIN0 against ground.</summary>
    Single0 = 4,

    /// <summary>AIN1 against ground.</summary>
    Single1 = 5,

    /// <summary>AIN2 against ground.</summary>
    Single2 = 6,

    /// <summary>AIN3 against ground.</summary>
    Single3 = 7,
}
