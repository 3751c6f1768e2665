namespace Node.Sensors.Emulation;

/// <summary>The chips that can be emulated, by name. A further chip is one more entry.</summary>
internal static class EmulatedChipCatalog
{
    /// <summary>Stands for an address where the chip has a chip select instead.</summary>
    private const int OnSpi = -1;

    private static readonly Entry[] Entries =
    [
        new("ADXL345", OnSpi, static (surroundings, seed, options) => new Adxl345Chip(surroundings, seed, options)),
        new("BME280", 0x76, static (surroundings, seed, options) => new Bme280Chip(surroundings, seed, options.ConversionTime)),
        new("MCP3008", OnSpi, static (surroundings, seed, options) => new Mcp3008Chip(surroundings, seed, options)),
    ];

    /// <exception cref="ArgumentException">No such chip can be emulated.</exception>
    public static Entry Find(string chipName) =>
        Entries.FirstOrDefault(entry => string.Equals(entry.Name, chipName, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException(
            $"No emulated chip named '{chipName}'. Known: {string.Join(", ", Entries.Select(static entry => entry.Name))}.", nameof(chipName));

    public sealed record Entry(string Name, int DefaultAddress, Func<EmulatedSurroundings, int, EmulatedChipOptions, EmulatedChip> Create);
}
