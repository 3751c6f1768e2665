using System.Globalization;
using Node.Benchmarks.Report;

namespace Node.Benchmarks.Nodes;

/// <summary>The whole node: start, memory, idle CPU, latency, the spool, size, wear; with the goals, as Markdown.</summary>
internal static class WholeNode
{
    private const string Aot = "native AOT";
    private const string Jit = "JIT";
    private const string Nudged = "called for, CommitDelay 0";
    private const string Delayed = "called for, CommitDelay 20 ms (default)";
    private const string Cadence = "at the cadence alone, CommitDelay 0";

    /// <summary>What can be measured by itself.</summary>
    public static readonly string[] Parts = ["start", "latency", "spool", "idle"];

    /// <summary>Measures and prints.</summary>
    /// <param name="rounds">Rounds of what is measured again and again.</param>
    /// <param name="minutes">How long the soak takes.</param>
    /// <param name="native">A published, natively compiled node; null to publish one.</param>
    /// <param name="managed">The same for the runtime; null to publish one.</param>
    /// <param name="only">Some of <see cref="Parts"/>; none for all.</param>
    public static void Run(int rounds, double minutes, string? native, string? managed, IReadOnlyCollection<string> only)
    {
        long start = TimeProvider.System.GetTimestamp();
        if (NodePrograms.Make(native, managed) is not { } programs)
        {
            return;
        }

        string machine = Machine.Describe();
        Console.WriteLine(machine);
        using var hub = new RigHub(programs.Rig, ["aot", "jit", "probe"]);
        bool Is(string part) => only.Count == 0 || only.Contains(part);
        Results<double>? startUp = Is("start") ? StartUp(programs, hub, rounds) : null;
        Results<double[]>? latency = Is("latency") ? Latency(programs, hub, rounds) : null;
        Results<double[]>? spool = Is("spool") ? SpoolRate.Run(programs.Probe, rounds) : null;
        SoakResult? soak = Is("idle") ? Soaked(programs, hub, TimeSpan.FromMinutes(minutes), rounds) : null;
        Verdicts(programs, startUp, latency, spool, soak);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nThe run took {TimeProvider.System.GetElapsedTime(start).TotalMinutes:0.0} minutes."));
    }

    private static Results<double> StartUp(NodePrograms programs, RigHub hub, int rounds)
    {
        Results<double> results = Rounds.Run(rounds, [
            new Subject<double>(Aot, () => First(programs.Native, hub, "aot")),
            new Subject<double>(Jit, () => First(programs.Managed, hub, "jit"))]);
        Table.Begin("The node: start", $"From the start of the process, with an empty data folder, to the first reading that the hub confirmed: eight emulated sensors, TLS, hub emulator. {rounds} rounds, medians (least–most).", "build", "ms", "÷ JIT");
        foreach (string name in results.Names)
        {
            Table.Row(name, $"{Figure.Whole(results.Median(name, one => one))} ({Figure.Whole(results.Of(name).Min())}–{Figure.Whole(results.Of(name).Max())})", results.Ratio(name, Jit, one => one).ToString());
        }

        return results;
    }

    private static double First(string folder, RigHub hub, string device)
    {
        using var node = new NodeRun(folder, [.. NodeSettings.Eight("5s"), .. hub.Settings(device)]);
        return node.FirstConfirmed();
    }

    private static Results<double[]> Latency(NodePrograms programs, RigHub hub, int rounds)
    {
        Results<double[]> results = Rounds.Run(rounds, [
            new Subject<double[]>(Nudged, () => Reading(programs, hub, "nudge", "0s")),
            new Subject<double[]>(Delayed, () => Reading(programs, hub, "nudge", "20ms")),
            new Subject<double[]>(Cadence, () => Reading(programs, hub, "cadence", "0s"))]);
        Table.Begin(
            "The node: latency of a reading",
            $"The node in the probe's process, connected and idle, DoWork each 100 ms; a reading comes up at any moment, is stored with a synchronous write, sent and confirmed by the hub emulator. {rounds} rounds, medians (least–most).",
            "turns", "p50 ms", "p99 ms");
        foreach (string name in results.Names)
        {
            Table.Row(name, Spread(results, name, 0), Spread(results, name, 1));
        }

        return results;
    }

    private static double[] Reading(NodePrograms programs, RigHub hub, string turns, string commitDelay)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("sensornode-bench-");
        try
        {
            Dictionary<string, string> settings = new(hub.Settings("probe"))
            {
                ["Node:DataFolder"] = folder.FullName,
                ["Node:Http:Port"] = "0",
                ["Node:Bus:Provider"] = "emulated",
                ["Node:Sensors:climate:Interval"] = "1h",
                ["Node:Spool:CommitDelay"] = commitDelay,
                ["Node:DoWorkInterval"] = "100ms",
                ["Logging:LogLevel:Default"] = "None",
                ["Logging:LogLevel:Microsoft"] = "None",
                ["Logging:LogLevel:Quartz"] = "None",
            };
            return HostProbe.Run(programs.Probe, ["latency", turns, .. settings.Select(setting => $"{setting.Key}={setting.Value}")]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static SoakResult Soaked(NodePrograms programs, RigHub hub, TimeSpan duration, int windows)
    {
        SoakResult soak = Soak.Run(programs, hub, duration, windows);
        Table.Begin(
            "The node: idle",
            $"Three processes beside each other for {duration.TotalMinutes:0.#} minutes after 20 s: eight sensors each 5 s, DoWork each 100 ms, CommitDelay 10 s; and a generic host (JIT) with one empty Quartz job each 100 ms. CPU of a core in {windows} windows, medians (least–most).",
            "process", "CPU %", "CPU ÷ bare Quartz host", "RSS MiB at the end", "RSS MiB at the beginning");
        string[] names = [Aot, Jit, "bare Quartz host"];
        for (int index = 0; index < names.Length; index++)
        {
            Table.Row(
                names[index], Ratio.Of(soak.CpuPercent.Select(window => window[index])).ToString(), CpuRatio(soak, index).ToString(),
                Figure.Fine(soak.Late[index]), Figure.Fine(soak.Early[index]));
        }

        Wear wear = soak.Wear;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\nThe native node stored {wear.Readings:0} readings of {wear.Size / wear.Readings:0} bytes as the capacity counts them in {wear.Commits:0} synchronous writes; the spool gave {wear.SpoolBytes / wear.Readings:0} bytes a reading to the kernel, and the whole process dirtied {wear.BlockBytes / wear.Readings:0} bytes a reading in blocks of the file system."));
        return soak;
    }

    private static Ratio CpuRatio(SoakResult soak, int index) => Ratio.Of(soak.CpuPercent.Select(window => window[index] / Math.Max(window[2], 0.01)));

    private static string Spread(Results<double[]> results, string name, int figure) =>
        $"{Figure.Fine(results.Median(name, one => one[figure]))} ({Figure.Fine(results.Of(name).Min(one => one[figure]))}–{Figure.Fine(results.Of(name).Max(one => one[figure]))})";

    private static void Verdicts(NodePrograms programs, Results<double>? startUp, Results<double[]>? latency, Results<double[]>? spool, SoakResult? soak)
    {
        const string Here = "direct";
        const double CAtCadence = 88; // ms in the middle: the C SDK with DoWork each 100 ms, on another day (Report/Anchors.cs says which machine).
        var goals = new Goals("Each is direct but those of number 7, which take the C SDK's 88 ms from an earlier run on a like machine; that time is bound by the cadence and not by the machine.");
        if (startUp is not null)
        {
            goals.AtMost("13", "start to the first confirmation ÷ JIT", startUp.Ratio(Aot, Jit, one => one).Median, 0.333, Here);
            goals.AtMost("13", "the same in ms", startUp.Median(Aot, one => one), 300, Here);
        }

        if (soak is not null)
        {
            goals.AtMost("14", "RSS in MiB, native", soak.Late[0], 45, Here);
            goals.AtMost("14", "RSS ÷ JIT", soak.Late[0] / soak.Late[1], 0.55, Here);
            goals.AtMost("15", "idle CPU ÷ bare Quartz host, native", CpuRatio(soak, 0).Median, 1.5, Here);
            goals.AtMost("15", "the same, JIT", CpuRatio(soak, 1).Median, 1.5, Here);
        }

        goals.AtMost("16", "published bytes, all files but symbols", NodePrograms.Size(programs.Native), 25_000_000, Here);
        if (soak is not null)
        {
            goals.AtMost("17", "synchronous writes a minute", soak.Wear.Commits / soak.Duration.TotalMinutes, 6, Here);
            goals.AtMost("17", "bytes written a reading ÷ its size", soak.Wear.SpoolBytes / soak.Wear.Size, 2, Here);
        }

        if (latency is not null)
        {
            goals.AtMost("7", "a reading's p50, called for ÷ C at 100 ms", latency.Median(Nudged, one => one[0]) / CAtCadence, 0.05, "against the C SDK's time");
            goals.AtMost("7", "at the cadence alone ÷ C at 100 ms", latency.Median(Cadence, one => one[0]) / CAtCadence, 1.05, "against the C SDK's time");
        }

        if (spool is not null)
        {
            SpoolRate.Judge(spool, goals);
        }

        goals.Close();
    }
}
