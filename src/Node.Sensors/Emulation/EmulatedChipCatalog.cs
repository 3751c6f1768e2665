namespace Node.Sensors.Emulation;

/// <summary>The chips that can be emulated, by name. A further chip is one more entry.</summary>
internal static class EmulatedChipCatalog
{
    private static readonly Entry[] Entries =
    [
        new("BME280", 0x76, static (surroundings, seed, options) => new Bme280Chip(surroundings, seed, options.ConversionTime)),
        new("BH1750", 0x23, static (surroundings, seed, options) => new Bh1750Chip(surroundings, seed, options)),
        new("SCD41", 0x62, static (surroundings, seed, options) => new Scd41Chip(surroundings, seed, options)),
        new("SHT31", 0x44, static (surroundings, seed, options) => new Sht31Chip(surroundings, seed, options)),
    ];

    /// <exception cref="ArgumentException">No such chip can be emulated.</exception>
    public static Entry Find(string chipName) =>
        Entries.FirstOrDefault(entry => string.Equals(entry.Name, chipName, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException(
            $"No emulated chip named '{chipName}'. Known: {string.Join(", ", Entries.Select(static entry => entry.Name))}.", nameof(chipName));

    public sealed record Entry(string Name, int DefaultAddress, Func<EmulatedSurroundings, int, EmulatedChipOptions, EmulatedChip> Create);
}
