using System.Globalization;
using System.Text;

namespace Node.Host.Scanning;

/// <summary>A scan for people: the grid of each bus, a line for each chip, and what helps.</summary>
internal static class ScanText
{
    public static string Of(ScanReport report)
    {
        var text = new StringBuilder();
        foreach (I2cBusFound bus in report.I2c)
        {
            text.Append(CultureInfo.InvariantCulture, $"I2C bus {bus.Bus} ({bus.Device}){(bus.Mux is null ? "" : $", multiplexer channel {bus.Mux}")}\n{bus.Grid}");
            foreach (I2cChipFound chip in bus.Chips)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {chip.Address}  {Name(chip)}{(chip.Sensor is null ? "" : $"  = {chip.Sensor}")}\n");
            }
        }

        foreach (SpiPlaceFound place in report.Spi)
        {
            string what = place.Chip is not null ? $"{place.Chip}  = {place.Sensor}" : place.Sensor is null ? "not asked: no chip is configured here" : $"no answer  = {place.Sensor}";
            text.Append(CultureInfo.InvariantCulture, $"SPI {place.Device}  {what}\n");
        }

        foreach (GpioChipFound chip in report.Gpio)
        {
            text.Append(CultureInfo.InvariantCulture, $"GPIO {chip.Device}  {(chip.Label.Length > 0 ? chip.Label : "cannot be asked")}, {chip.Lines} lines\n");
        }

        foreach (ScanProblem problem in report.Problems)
        {
            text.Append(CultureInfo.InvariantCulture, $"! {problem.Problem}\n    {problem.Remedy}\n");
        }

        return text.ToString();
    }

    private static string Name(I2cChipFound chip) => chip.State == "driver" ? "in use by a driver of the kernel"
        : chip.Chip is null ? "unknown"
        : chip.ById ? $"{chip.Chip} ({chip.Detail})"
        : $"{(chip.Chip == "unknown" ? "unknown" : $"probably {chip.Chip}")} ({chip.Detail ?? "by its address only"})";
}
