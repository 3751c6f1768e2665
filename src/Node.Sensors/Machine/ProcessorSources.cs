using System.Globalization;
using Node.Sensors.Drivers;

namespace Node.Sensors.Machine;

/// <summary>Load, busy share, memory and uptime. Source: the manual pages proc_stat(5), proc_loadavg(5), proc_meminfo(5), proc_uptime(5).</summary>
internal sealed class ProcessorSources(MachineFiles files)
{
    private static readonly Quantity Busy = new("cpuBusy", "percent", 0, 100);
    private static readonly Quantity Load1 = new("loadAverage1", "unity", 0, 10_000);
    private static readonly Quantity Load5 = new("loadAverage5", "unity", 0, 10_000);
    private static readonly Quantity Load15 = new("loadAverage15", "unity", 0, 10_000);
    private static readonly Quantity MemoryUsed = new("memoryUsed", "percent", 0, 100);
    private static readonly Quantity MemoryAvailable = new("memoryAvailable", "mebibyte", 0, 1e9);
    private static readonly Quantity Uptime = new("uptime", "second", 0, 1e10);

    private double _lastBusy;
    private double _lastTotal;
    private double? _share;

    public static IReadOnlyList<Quantity> Quantities => [Busy, Load1, Load5, Load15, MemoryUsed, MemoryAvailable, Uptime];

    public IEnumerable<MachineValue> Find()
    {
        if (BusySinceLast() is not null) { yield return new MachineValue(Busy, BusySinceLast); }

        foreach ((Quantity quantity, int index) in new[] { Load1, Load5, Load15 }.Select(static (quantity, index) => (quantity, index)))
        {
            if (Field("proc/loadavg", index) is not null) { yield return new MachineValue(quantity, () => Field("proc/loadavg", index)); }
        }

        if (Kibibytes("MemTotal:") is not null && Kibibytes("MemAvailable:") is not null)
        {
            yield return new MachineValue(MemoryUsed, () => 100 * (1 - (Kibibytes("MemAvailable:") / Kibibytes("MemTotal:"))));
            yield return new MachineValue(MemoryAvailable, () => Kibibytes("MemAvailable:") / 1024);
        }

        if (Field("proc/uptime", 0) is not null) { yield return new MachineValue(Uptime, () => Field("proc/uptime", 0)); }
    }

    /// <summary>
    /// The share of time, over all processors, that was neither idle nor waiting for a disk, since the last call; at first since the machine
    /// started. Guests' time is part of user time already. When no tick has passed since, the last share stands.
    /// </summary>
    private double? BusySinceLast()
    {
        string? line = files.Lines("proc/stat").FirstOrDefault(static one => one.StartsWith("cpu ", StringComparison.Ordinal));
        double?[] ticks = [.. (line ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(Parse)];
        if (ticks.Length < 4 || ticks.Contains(null)) { return null; }

        double total = ticks.Sum()!.Value;
        double busy = total - ticks[3]!.Value - (ticks.Length > 4 ? ticks[4]!.Value : 0); // idle and iowait
        (double passed, double worked) = (total - _lastTotal, busy - _lastBusy);
        (_lastTotal, _lastBusy) = (total, busy);
        if (passed > 0) { _share = Math.Clamp(100 * worked / passed, 0, 100); }

        return _share;
    }

    private double? Kibibytes(string name) => files.Lines("proc/meminfo")
        .Where(line => line.StartsWith(name, StringComparison.Ordinal))
        .Select(line => Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal)))
        .FirstOrDefault();

    private double? Field(string path, int index) => Parse((files.Text(path) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(index));

    private static double? Parse(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= 0 ? value : null;
}
