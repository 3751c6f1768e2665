using System.Globalization;
using Node.Sensors.Drivers;

namespace Node.Sensors.Machine;

/// <summary>
/// One network interface: link, speed, radio, traffic. Sources: the kernel's documents ABI/testing/sysfs-class-net and
/// sysfs-class-net-statistics; proc/net/wireless of the wireless extensions.
/// </summary>
internal sealed class NetworkSources(MachineFiles files, string? chosen)
{
    private const double Mebibyte = 1 << 20;

    private static readonly Quantity Link = new("linkUp", "unity", 0, 1);
    private static readonly Quantity Speed = new("linkSpeed", "bitPerSecond", 0, 1e12);
    private static readonly Quantity Quality = new("wifiQuality", "percent", 0, 100);
    private static readonly Quantity Signal = new("wifiSignal", "decibelMilliwatt", -200, 30);
    private static readonly Quantity Received = new("networkReceived", "mebibyte", 0, 1e13);
    private static readonly Quantity Sent = new("networkSent", "mebibyte", 0, 1e13);

    public static IReadOnlyList<Quantity> Quantities => [Link, Speed, Quality, Signal, Received, Sent];

    public IEnumerable<MachineValue> Find()
    {
        if ((chosen ?? WithDefaultRoute() ?? WithDevice()) is not { } name) { yield break; }

        string folder = $"sys/class/net/{name}";
        MachineValue[] values =
        [
            new(Link, () => files.Text($"{folder}/operstate") is null ? null : files.Number($"{folder}/carrier") ?? 0), // unreadable while the interface is down
            new(Speed, () => files.Number($"{folder}/speed") is { } megabits and > 0 ? megabits * 1e6 : null), // -1: unknown, as on a radio
            new(Quality, () => Radio(name, 2) is { } quality ? Math.Clamp(quality / LargestQuality * 100, 0, 100) : null),
            new(Signal, () => Radio(name, 3)),
            new(Received, () => files.Number($"{folder}/statistics/rx_bytes") / Mebibyte),
            new(Sent, () => files.Number($"{folder}/statistics/tx_bytes") / Mebibyte),
        ];
        foreach (MachineValue value in values.Where(static value => value.Read() is not null)) { yield return value; }
    }

    /// <summary>The end of the scale that the kernel's drivers use for proc/net/wireless.</summary>
    private const double LargestQuality = 70;

    /// <summary>A row reads <c>wlan0: 0000   54.  -56.  -256 …</c>: status, link quality, level in dBm, noise.</summary>
    private double? Radio(string name, int column)
    {
        string[] fields = files.Lines("proc/net/wireless")
            .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(row => row.Length > column && row[0] == name + ":") ?? [];
        return double.TryParse(fields.ElementAtOrDefault(column)?.TrimEnd('.'), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;
    }

    private string? WithDefaultRoute() => files.Lines("proc/net/route").Skip(1)
        .Select(static line => line.Split('\t', StringSplitOptions.TrimEntries))
        .FirstOrDefault(static row => row.Length > 7 && row[1] == "00000000" && row[7] == "00000000")?[0];

    private string? WithDevice() => files.Folders("sys/class/net", "*")
        .FirstOrDefault(folder => files.Folders(folder, "device").Count > 0 || files.Folders(folder, "wireless").Count > 0) is { } found
        ? Path.GetFileName(found)
        : null;
}
