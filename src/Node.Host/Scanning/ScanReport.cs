using System.Text.Json.Serialization;

namespace Node.Host.Scanning;

/// <summary>What a scan found. <c>sensornode scan --json</c> prints it.</summary>
internal sealed record ScanReport(
    string Provider, IReadOnlyList<I2cBusFound> I2c, IReadOnlyList<SpiPlaceFound> Spi, IReadOnlyList<GpioChipFound> Gpio, IReadOnlyList<ScanProblem> Problems);

/// <summary>One I2C bus, or one channel of a multiplexer on it.</summary>
/// <param name="Bus">The bus number.</param>
/// <param name="Device">Its device node.</param>
/// <param name="Mux">The multiplexer channel such as <c>0x70/3</c>; null for the bus itself.</param>
/// <param name="Chips">What answers.</param>
/// <param name="Grid">The picture.</param>
internal sealed record I2cBusFound(int Bus, string Device, string? Mux, IReadOnlyList<I2cChipFound> Chips, [property: JsonIgnore] string Grid);

/// <summary>What answers at an address.</summary>
/// <param name="Address">Such as <c>0x76</c>.</param>
/// <param name="State"><c>answers</c>, or <c>driver</c> when a driver of the kernel has it.</param>
/// <param name="Chip">What it probably is; null when nothing is known.</param>
/// <param name="ById">Whether its identification register said so.</param>
/// <param name="Detail">What was read; null for nothing.</param>
/// <param name="Sensor">The sensor configured there; null for none.</param>
internal sealed record I2cChipFound(string Address, string State, string? Chip, bool ById, string? Detail, string? Sensor);

/// <summary>One chip select.</summary>
internal sealed record SpiPlaceFound(int Bus, int ChipSelect, string Device, string? Chip, string? Sensor);

/// <summary>One GPIO chip.</summary>
internal sealed record GpioChipFound(string Device, string Label, int Lines);

/// <summary>Something that is missing or not as configured, and what helps.</summary>
internal sealed record ScanProblem(string Place, string Problem, string Remedy);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(ScanReport))]
internal sealed partial class ScanJson : JsonSerializerContext;
