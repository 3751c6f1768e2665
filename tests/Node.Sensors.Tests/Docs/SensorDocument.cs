using System.Globalization;
using System.Text;
using Node.Sensors.Drivers;

namespace Node.Sensors.Tests.Docs;

/// <summary>What docs/sensors.md must say of a chip, written from the catalogue.</summary>
internal static class SensorDocument
{
    public static string Section(SensorChip chip)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"### {chip.Name}\n\n{Sentence(chip)}\n\n| quantity | unit | from | to |\n| --- | --- | --- | --- |\n");
        foreach (Quantity quantity in chip.Quantities) { text.Append(CultureInfo.InvariantCulture, $"| `{quantity.Name}` | {quantity.Unit} | {quantity.Minimum:0.####} | {quantity.Maximum:0.####} |\n"); }

        text.Append("\n| option | allowed | default | meaning |\n| --- | --- | --- | --- |\n");
        foreach (SensorOption option in chip.Options)
        {
            string fallback = option.IsRequired ? "must be given" : option.Default.Length == 0 ? "none" : $"`{option.Default}`";
            text.Append(CultureInfo.InvariantCulture, $"| `{option.Name}` | {option.Allowed} | {fallback} | {option.Description} |\n");
        }

        return text.ToString();
    }

    private static string Sentence(SensorChip chip)
    {
        string addresses = string.Join(" or ", chip.Addresses.Select(static one => string.Create(CultureInfo.InvariantCulture, $"`0x{one:X2}`")));
        string place = chip.Bus switch
        {
            SensorBus.I2c => $"On I2C at {addresses}.",
            SensorBus.Spi when chip.Part is { } part => $"On SPI; the chip is an {part}.",
            SensorBus.Spi => "On SPI.",
            SensorBus.Gpio => "At a pin.",
            _ => "No wiring.",
        };
        return $"Measures {chip.Description}. {place}";
    }
}
