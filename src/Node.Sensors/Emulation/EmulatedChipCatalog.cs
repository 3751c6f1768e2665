namespace Node.Sensors.Emulation;

/// <summary>The chips that can be emulated, by name. A further chip is one more entry.</summary>
internal static class EmulatedChipCatalog
{
    /// <summary>Stands for an address where the chip has a chip select instead.</summary>
    private const int OnSpi = -1;

    private static readonly Entry[] Entries =
    [
        new("ADS1115", 0x48, static (surroundings, seed, options) => new Ads1115Chip(surroundings, seed, options)),
        new("ADXL345", OnSpi, static (surroundings, seed, options) => new Adxl345Chip(surroundings, seed, options)),
        new("BME280", 0x76, static (surroundings, seed, options) => new Bme280Chip(surroundings, seed, options.ConversionTime)),
        new("BH1750", 0x23, static (surroundings, seed, options) => new Bh1750Chip(surroundings, seed, options)),
        new("MCP3008", OnSpi, static (surroundings, seed, options) => new Mcp3008Chip(surroundings, seed, options)),
        new("MPU-6050", 0x68, static (surroundings, seed, options) => new Mpu6050Chip(surroundings, Mpu6050Unit.Draw(seed, options.HasTolerances), options)),
        new("SCD41", 0x62, static (surroundings, seed, options) => new Scd41Chip(surroundings, seed, options)),
        new("SHT31", 0x44, static (surroundings, seed, options) => new Sht31Chip(surroundings, seed, options)),
        new("TMP102", 0x48, static (surroundings, _, options) => new Tmp102Chip(surroundings, options)),
    ];

    /// <exception cref="ArgumentException">No such chip can be emulated.</exception>
    public static Entry Find(string chipName) =>
        Entries.FirstOrDefault(entry => string.Equals(entry.Name, chipName, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException(
            $"No emulated chip named '{chipName}'. Known: {string.Join(", ", Entries.Select(static entry => entry.Name))}.", nameof(chipName));

    public sealed record Entry(string Name, int DefaultAddress, Func<EmulatedSurroundings, int, EmulatedChipOptions, EmulatedChip> Create);
}
