namespace Node.Sensors.Drivers;

/// <summary>How much one measurement of an SHT31 averages: time and power against noise (SHT3x-DIS datasheet, tables 1, 2 and 4).</summary>
public enum Sht31Repeatability
{
    /// <summary>At most 4.5 ms; noise of 0.15 °C and 0.21 % (three standard deviations).</summary>
    Low,

    /// <summary>At most 6.5 ms; noise of 0.08 °C and 0.15 %.</summary>
    Medium,

    /// <summary>At most 15.5 ms; noise of 0.04 °C and 0.08 %.</summary>
    High,
}
