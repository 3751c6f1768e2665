namespace Node.Sensors.Drivers;

/// <summary>The raw words of one measurement and what they mean. Source: SCD4x datasheet, section 3.5.2.</summary>
internal readonly record struct Scd41Frame(ushort CarbonDioxide, ushort Temperature, ushort Humidity)
{
    /// <summary>Words in an answer, each with its checksum.</summary>
    public const int Words = 3;

    /// <summary>−45 to 130 °C, the ends of the word; the chip is specified from −10 to 60.</summary>
    public double Celsius => -45 + (175.0 * Temperature / ushort.MaxValue);

    /// <summary>0 to 100 %.</summary>
    public double Percent => 100.0 * Humidity / ushort.MaxValue;
}
