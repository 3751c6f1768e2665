using System.Globalization;
using System.Text.RegularExpressions;
using Node.Host.Configuration;
using Node.Host.Machine;
using Node.Sensors.Bus;
using Node.Sensors.Emulation;

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

    /// <summary>The buses of a provider that is not the machine: an emulated board tells its own, of others only the configured ones are known.</summary>
    public static BusInventory OfProvider(IBusProvider buses, IReadOnlyList<SensorOptions> sensors)
    {
        EmulatedBoard? board = (buses as EmulatedBusProvider)?.Board;
        return new BusInventory(
            [.. (board?.I2cBuses.Select(bus => bus.BusId) ?? []).Union(sensors.Where(sensor => sensor.Address is not null).Select(sensor => sensor.Bus)).Order()],
            [.. sensors.Where(sensor => sensor.ChipSelect is not null).Select(sensor => (sensor.SpiBus, sensor.ChipSelect!.Value)).Distinct().Order()],
            board is null ? [] : [new GpioChip("emulated", "emulated", EmulatedLines, 0)]);
    }

    private const int EmulatedLines = 54;

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
