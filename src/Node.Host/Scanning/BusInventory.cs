using System.Globalization;
using System.Text.RegularExpressions;
using Node.Host.Configuration;
using Node.Host.Machine;

namespace Node.Host.Scanning;

/// <summary>Which buses there are, and which the configuration expects.</summary>
/// <param name="I2c">Bus numbers, in order.</param>
/// <param name="Spi">Chip selects, in order.</param>
/// <param name="Gpio">GPIO chips, in order.</param>
internal sealed partial record BusInventory(IReadOnlyList<int> I2c, IReadOnlyList<(int Bus, int ChipSelect)> Spi, IReadOnlyList<GpioChip> Gpio)
{
    /// <summary>The machine's own buses, from the device nodes under <paramref name="deviceFolder"/>.</summary>
    public static BusInventory OfMachine(string deviceFolder)
    {
        IReadOnlyList<string> names = Directory.Exists(deviceFolder)
            ? [.. Directory.EnumerateFileSystemEntries(deviceFolder).Select(path => Path.GetFileName(path)!)]
            : [];
        return new BusInventory(
            [.. Numbers(names, I2cName()).Select(numbers => numbers[0]).Order()],
            [.. Numbers(names, SpiName()).Select(numbers => (numbers[0], numbers[1])).Order()],
            [.. Numbers(names, GpioName()).Select(numbers => numbers[0]).Order().Select(number => GpioLines.Describe($"{deviceFolder}/gpiochip{number}"))]);
    }

    /// <summary>The buses of a provider that is not the machine, which tells nobody what it has: bus 1 and those that the sensors are on.</summary>
    public static BusInventory OfProvider(IReadOnlyList<SensorOptions> sensors) => new(
        [.. sensors.Where(sensor => sensor.Address is not null).Select(sensor => sensor.Bus).Append(1).Distinct().Order()],
        [.. sensors.Where(sensor => sensor.ChipSelect is not null).Select(sensor => (sensor.SpiBus, sensor.ChipSelect!.Value)).Distinct().Order()],
        []);

    private static IEnumerable<int[]> Numbers(IEnumerable<string> names, Regex pattern) => names
        .Select(name => pattern.Match(name))
        .Where(match => match.Success)
        .Select(match => match.Groups.Values.Skip(1).Select(group => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture)).ToArray());

    [GeneratedRegex("^i2c-([0-9]{1,3})$")]
    private static partial Regex I2cName();

    [GeneratedRegex(@"^spidev([0-9]{1,3})\.([0-9]{1,2})$")]
    private static partial Regex SpiName();

    [GeneratedRegex("^gpiochip([0-9]{1,3})$")]
    private static partial Regex GpioName();
}
