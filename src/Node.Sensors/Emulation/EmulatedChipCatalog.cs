using System.Globalization;

namespace Node.Sensors.Emulation;

/// <summary>The chips that can be emulated, by name. A further chip is one more entry.</summary>
internal static class EmulatedChipCatalog
{
    private static readonly ChipQuantity[] SensirionClimate = [new("temperatureCelsius", -45, 130, 175 / 65_535.0), new("humidityPercent", 0, 100, 100 / 65_535.0)];

    public static IReadOnlyList<Entry> Entries { get; } =
    [
        new("ADS1115", [0x48, 0x49, 0x4A, 0x4B], Inputs(4, -0.3, 3.6, 4.096 / 32_768), static (surroundings, seed, options) => new Ads1115Chip(surroundings, seed, options)),
        new("ADXL345", [], Acceleration(1 / 256.0), static (surroundings, seed, options) => new Adxl345Chip(surroundings, seed, options))
        {
            HasId = true,
            OtherAddresses = [0x53, 0x1D],
        },
        new("BH1750", [0x23, 0x5C], [new("lightLux", 0, 65_535 / 1.2 * 69 / 31, 69 / (1.2 * 31))], static (surroundings, seed, options) => new Bh1750Chip(surroundings, seed, options)),
        new("BME280", [0x76, 0x77],
            [new("temperatureCelsius", -40, 85, 0.006), new("humidityPercent", 0, 100, 0.01), new("pressurePascals", 30_000, 110_000, 3)],
            static (surroundings, seed, options) => new Bme280Chip(surroundings, seed, options.ConversionTime)) { HasId = true },
        new("MCP3008", [], Inputs(8, 0, 3.3, 3.3 / 1024), static (surroundings, seed, options) => new Mcp3008Chip(surroundings, seed, options)),
        new("MPU-6050", [0x68, 0x69], [.. Acceleration(1 / 2048.0), .. AngularRate(1 / 16.4), new("temperatureCelsius", -40, 85, 1 / 340.0)],
            static (surroundings, seed, options) => new Mpu6050Chip(surroundings, Mpu6050Unit.Draw(seed, options.HasTolerances), options)) { HasId = true },
        new("SCD41", [0x62], [new("carbonDioxidePpm", 0, 40_000, 1), .. SensirionClimate], static (surroundings, seed, options) => new Scd41Chip(surroundings, seed, options)) { HasChecksums = true },
        new("SHT31", [0x44, 0x45], SensirionClimate, static (surroundings, seed, options) => new Sht31Chip(surroundings, seed, options)) { HasChecksums = true },
        new("TCA9548A", [0x70, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77], [], static (surroundings, _, options) => new Tca9548aChip(surroundings, options)),
        new("TMP102", [0x48, 0x49, 0x4A, 0x4B], [new("temperatureCelsius", -128, 127.9375, 1 / 16.0)], static (surroundings, _, options) => new Tmp102Chip(surroundings, options)),
    ];

    public static Entry? TryFind(string chipName) =>
        Entries.FirstOrDefault(entry => string.Equals(entry.Name, chipName, StringComparison.OrdinalIgnoreCase));

    /// <exception cref="ArgumentException">No such chip can be emulated.</exception>
    public static Entry Find(string chipName) => TryFind(chipName)
        ?? throw new ArgumentException(
            $"No emulated chip named '{chipName}'. Known: {string.Join(", ", Entries.Select(static entry => entry.Name))}.", nameof(chipName));

    private static ChipQuantity[] Acceleration(double step) => [.. Axes("acceleration#G", 16, step)];

    private static ChipQuantity[] AngularRate(double step) => [.. Axes("angularRate#DegreesPerSecond", 2000, step)];

    private static IEnumerable<ChipQuantity> Axes(string name, double most, double step) =>
        "XYZ".Select(axis => new ChipQuantity(name.Replace('#', axis), -most, most, step));

    private static ChipQuantity[] Inputs(int count, double least, double most, double step) =>
        [.. Enumerable.Range(0, count).Select(input => new ChipQuantity(string.Create(CultureInfo.InvariantCulture, $"input{input}Volts"), least, most, step))];

    /// <param name="Name">The datasheet's name.</param>
    /// <param name="Addresses">The I2C addresses that its straps allow, the default first; empty for a chip on SPI.</param>
    /// <param name="Quantities">What it measures, with the range and the step of its words.</param>
    /// <param name="Create">Makes one.</param>
    public sealed record Entry(
        string Name, IReadOnlyList<int> Addresses, IReadOnlyList<ChipQuantity> Quantities,
        Func<EmulatedSurroundings, int, EmulatedChipOptions, EmulatedChip> Create)
    {
        public bool IsOnSpi => Addresses.Count == 0;

        /// <summary>The I2C addresses of a chip that is on SPI unless it is given one of them.</summary>
        public IReadOnlyList<int> OtherAddresses { get; init; } = [];

        /// <summary>The same chip on its other bus.</summary>
        public Entry OnI2c() => this with { Addresses = OtherAddresses };

        /// <summary>Whether a chip of a board hangs on SPI.</summary>
        public bool PutsOnSpi(EmulatedChipOptions chip) => IsOnSpi && chip.Address is null;

        /// <summary>Whether what it sends carries checksums.</summary>
        public bool HasChecksums { get; init; }

        /// <summary>Whether a register tells which chip it is.</summary>
        public bool HasId { get; init; }

        /// <summary>Whether it hides chips behind it.</summary>
        public bool IsMux => Name == "TCA9548A";
    }
}
