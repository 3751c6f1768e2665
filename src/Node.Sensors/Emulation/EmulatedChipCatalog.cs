namespace Node.Sensors.Emulation;

/// <summary>The chips that can be emulated, by name. A further chip is one more entry.</summary>
internal static class EmulatedChipCatalog
{
    private static readonly string[] Climate = ["temperatureCelsius", "humidityPercent"];
    private static readonly string[] Acceleration = ["accelerationXG", "accelerationYG", "accelerationZG"];
    private static readonly string[] Inputs = [.. Enumerable.Range(0, 8).Select(static input => $"input{input}Volts")];

    public static IReadOnlyList<Entry> Entries { get; } =
    [
        new("ADS1115", [0x48, 0x49, 0x4A, 0x4B], Inputs[..4], static (surroundings, seed, options) => new Ads1115Chip(surroundings, seed, options)),
        new("ADXL345", [], Acceleration, static (surroundings, seed, options) => new Adxl345Chip(surroundings, seed, options)) { HasId = true },
        new("BH1750", [0x23, 0x5C], ["lightLux"], static (surroundings, seed, options) => new Bh1750Chip(surroundings, seed, options)),
        new("BME280", [0x76, 0x77], [.. Climate, "pressurePascals"], static (surroundings, seed, options) => new Bme280Chip(surroundings, seed, options.ConversionTime)) { HasId = true },
        new("MCP3008", [], Inputs, static (surroundings, seed, options) => new Mcp3008Chip(surroundings, seed, options)),
        new("MPU-6050", [0x68, 0x69],
            [.. Acceleration, "angularRateXDegreesPerSecond", "angularRateYDegreesPerSecond", "angularRateZDegreesPerSecond", "temperatureCelsius"],
            static (surroundings, seed, options) => new Mpu6050Chip(surroundings, Mpu6050Unit.Draw(seed, options.HasTolerances), options)) { HasId = true },
        new("SCD41", [0x62], ["carbonDioxidePpm", .. Climate], static (surroundings, seed, options) => new Scd41Chip(surroundings, seed, options)) { HasChecksums = true },
        new("SHT31", [0x44, 0x45], Climate, static (surroundings, seed, options) => new Sht31Chip(surroundings, seed, options)) { HasChecksums = true },
        new("TCA9548A", [0x70, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77], [], static (surroundings, _, options) => new Tca9548aChip(surroundings, options)),
        new("TMP102", [0x48, 0x49, 0x4A, 0x4B], ["temperatureCelsius"], static (surroundings, _, options) => new Tmp102Chip(surroundings, options)),
    ];

    public static Entry? TryFind(string chipName) =>
        Entries.FirstOrDefault(entry => string.Equals(entry.Name, chipName, StringComparison.OrdinalIgnoreCase));

    /// <exception cref="ArgumentException">No such chip can be emulated.</exception>
    public static Entry Find(string chipName) => TryFind(chipName)
        ?? throw new ArgumentException(
            $"No emulated chip named '{chipName}'. Known: {string.Join(", ", Entries.Select(static entry => entry.Name))}.", nameof(chipName));

    /// <param name="Name">The datasheet's name.</param>
    /// <param name="Addresses">The I2C addresses that its straps allow, the default first; empty for a chip on SPI.</param>
    /// <param name="Quantities">What it measures, by the names of <see cref="AmbientQuantity"/>.</param>
    /// <param name="Create">Makes one.</param>
    public sealed record Entry(
        string Name, IReadOnlyList<int> Addresses, IReadOnlyList<string> Quantities,
        Func<EmulatedSurroundings, int, EmulatedChipOptions, EmulatedChip> Create)
    {
        public bool IsOnSpi => Addresses.Count == 0;

        /// <summary>Whether what it sends carries checksums.</summary>
        public bool HasChecksums { get; init; }

        /// <summary>Whether a register tells which chip it is.</summary>
        public bool HasId { get; init; }

        /// <summary>Whether it hides chips behind it.</summary>
        public bool IsMux => Name == "TCA9548A";
    }
}
