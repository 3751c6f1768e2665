using System.Globalization;
using Node.Sensors.Drivers;

namespace Node.Sensors.Machine;

/// <summary>
/// Temperature and power of the system on a chip. Sources: the kernel's thermal and hwmon classes; the Raspberry Pi firmware's
/// <c>get_throttled</c>, whose bits are described at raspberrypi.com/documentation/computers/os.html#get_throttled.
/// </summary>
internal sealed class SocSources(MachineFiles files)
{
    /// <summary>Zones and hwmon chips that measure the processor: Pi, other boards, x86.</summary>
    private static readonly string[] ProcessorNames = ["cpu-thermal", "soc-thermal", "cpu_thermal", "x86_pkg_temp", "coretemp", "k10temp", "acpitz"];

    private static readonly (string Name, int Bit)[] Flags =
    [
        ("underVoltage", 0), ("frequencyCapped", 1), ("throttled", 2), ("softTemperatureLimit", 3),
        ("underVoltageSinceBoot", 16), ("frequencyCappedSinceBoot", 17), ("throttledSinceBoot", 18), ("softTemperatureLimitSinceBoot", 19),
    ];

    public static IReadOnlyList<Quantity> Quantities => [Temperature, .. Flags.Select(static flag => FlagOf(flag.Name))];

    private static Quantity Temperature { get; } = new("socTemperature", "degreeCelsius", -40, 150);

    public IEnumerable<MachineValue> Find()
    {
        if (FindTemperature() is { } path) { yield return new MachineValue(Temperature, () => files.Number(path) / 1000); }

        if (FindThrottled() is { } throttled)
        {
            foreach ((string name, int bit) in Flags) { yield return new MachineValue(FlagOf(name), () => Bit(files.Text(throttled), bit)); }
        }
        else if (FindAlarm() is { } alarm)
        {
            yield return new MachineValue(FlagOf(Flags[0].Name), () => files.Number(alarm));
        }
    }

    private static Quantity FlagOf(string name) => new(name, "unity", 0, 1);

    /// <summary>The firmware's word is hexadecimal, with or without 0x.</summary>
    private static double? Bit(string? text, int bit)
    {
        ReadOnlySpan<char> digits = text.AsSpan().Trim();
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)) { digits = digits[2..]; }

        return uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint word) ? (word >> bit) & 1 : null;
    }

    private string? FindTemperature() =>
        Best("sys/class/thermal", "thermal_zone*", "type", "temp") ?? Best("sys/class/hwmon", "hwmon*", "name", "temp1_input");

    private string? Best(string parent, string pattern, string nameFile, string valueFile) => files.Folders(parent, pattern)
        .Select(folder => (Path: Path.Combine(folder, valueFile), Rank: Array.IndexOf(ProcessorNames, files.Text(Path.Combine(folder, nameFile))?.Trim())))
        .Where(one => one.Rank >= 0 && files.Number(one.Path) is not null)
        .OrderBy(static one => one.Rank)
        .Select(static one => one.Path)
        .FirstOrDefault();

    /// <summary>Up to Pi 4 <c>soc/soc:firmware</c>; on a Pi 5 the address stands in both names.</summary>
    private string? FindThrottled() => files.Folders("sys/devices/platform", "soc*")
        .SelectMany(soc => files.Folders(soc, "soc*firmware"))
        .Select(static firmware => Path.Combine(firmware, "get_throttled"))
        .FirstOrDefault(path => Bit(files.Text(path), 0) is not null);

    private string? FindAlarm() => files.Folders("sys/class/hwmon", "hwmon*")
        .Where(folder => files.Text(Path.Combine(folder, "name"))?.Trim() == "rpi_volt")
        .Select(static folder => Path.Combine(folder, "in0_lcrit_alarm"))
        .FirstOrDefault(path => files.Number(path) is not null);
}
