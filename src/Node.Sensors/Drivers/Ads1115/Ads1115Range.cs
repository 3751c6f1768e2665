namespace Node.Sensors.Drivers;

/// <summary>
/// The full scale of an ADS1115's amplifier; the numbers are the chip's codes (ADS1115 datasheet SBAS444, Config register, PGA). Whatever
/// the range, no input may lie more than 0.3 V above the supply.
/// </summary>
public enum Ads1115Range
{
    /// <summary>±6.144 V, 187.5 µV a code.</summary>
    Volts6144 = 0,

    /// <summary>±4.096 V, 125 µV a code.</summary>
    Volts4096 = 1,

    /// <summary>±2.048 V, 62.5 µV a code.</summary>
    Volts2048 = 2,

    /// <summary>±1.024 V, 31.25 µV a code.</summary>
    Volts1024 = 3,

    /// <summary>±0.512 V, 15.625 µV a code.</summary>
    Volts0512 = 4,

    /// <summary>±0.256 V, 7.8125 µV a code.</summary>
    Volts0256 = 5,
}
