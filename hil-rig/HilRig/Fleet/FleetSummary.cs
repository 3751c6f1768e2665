using System.Globalization;

namespace HilRig.Fleet;

/// <summary>What a run of <c>hilrig fleet</c> came to, as it is written to the file of <c>--summary</c>.</summary>
internal sealed record FleetSummary
{
    /// <summary>From the first node's start until the last node was stopped.</summary>
    public double Seconds { get; init; }

    /// <summary>From the end of the hub's outage until every node was connected again; null without an outage, or when it was not seen.</summary>
    public double? RecoverySeconds { get; init; }

    /// <summary>Each node, in the order of their names.</summary>
    public required IReadOnlyList<FleetNodeReport> Nodes { get; init; }

    public long Stored => Nodes.Sum(node => node.Stored);

    public long Distinct => Nodes.Sum(node => node.Distinct);

    public long Repeats => Nodes.Sum(node => node.Repeats);

    public long Pending => Nodes.Sum(node => node.Pending);

    public long Lost => Nodes.Sum(node => node.Lost);

    public double? MedianConnectSeconds => Median(node => node.ConnectSeconds);

    public double? SlowestConnectSeconds => Nodes.Max(node => node.ConnectSeconds);

    public double? MedianFirstTelemetrySeconds => Median(node => node.FirstTelemetrySeconds);

    public double? MedianResidentMebibytes => Median(node => node.ExitCode is null ? null : node.ResidentMebibytes);

    public double? MedianCpuSeconds => Median(node => node.ExitCode is null ? null : node.CpuSeconds);

    /// <summary>What was promised and not kept, in words; empty when all was well.</summary>
    public IReadOnlyList<string> Broken => [.. Nodes.Where(node => node.Broken is not null).Select(node => $"{node.DeviceId}: {node.Broken}")];

    public string ToText() => string.Create(CultureInfo.InvariantCulture, $"""

        {Nodes.Count} nodes: {Stored} readings stored, {Distinct} distinct at the hub, {Repeats} repeated, {Pending} still in spools, {Lost} lost
        connected after {Shown(MedianConnectSeconds)} s (median), {Shown(SlowestConnectSeconds)} s (slowest); first telemetry after {Shown(MedianFirstTelemetrySeconds)} s (median)
        a node: {Shown(MedianResidentMebibytes)} MiB resident, {Shown(MedianCpuSeconds)} s of processor time in {Seconds:0} s (medians)
        """) + (RecoverySeconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"\nall connected again {seconds:0.0} s after the hub came back") : "");

    private static string Shown(double? figure) => figure?.ToString("0.0", CultureInfo.InvariantCulture) ?? "-";

    private double? Median(Func<FleetNodeReport, double?> figure)
    {
        double[] known = [.. Nodes.Select(figure).OfType<double>().Order()];
        return known.Length == 0 ? null : known[known.Length / 2];
    }
}
