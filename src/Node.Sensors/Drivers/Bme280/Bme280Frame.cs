namespace Node.Sensors.Drivers;

/// <summary>The converter's raw words of one measurement: 20 bits of pressure and temperature, 16 of humidity.</summary>
internal readonly record struct Bme280Frame(int Pressure, int Temperature, int Humidity)
{
    /// <summary>Data registers 0xF7 to 0xFE; BME280 datasheet, section 5.3.</summary>
    public const int Length = 8;

    public static Bme280Frame Decode(ReadOnlySpan<byte> registers) => new(
        Pressure: Twenty(registers[..3]),
        Temperature: Twenty(registers[3..6]),
        Humidity: (registers[6] << 8) | registers[7]);

    private static int Twenty(ReadOnlySpan<byte> leftJustified) => (leftJustified[0] << 12) | (leftJustified[1] << 4) | (leftJustified[2] >> 4);
}
