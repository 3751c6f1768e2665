using HilRig.Checks;

namespace HilRig.Bench;

/// <summary>
/// Counts what became of every durable reading. The node is stopped, then started once more with its sensors off,
/// so that it delivers what the stop left in the spool and says how far its sequence had come.
/// </summary>
internal static class ReadingsAudit
{
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(30);

    /// <summary>Leaves the node stopped. Null when it never answered, so that nothing can be said.</summary>
    public static async Task<ReadingsAccount?> RunAsync(EmulatedBench bench, TimeProvider clock, CancellationToken cancellationToken)
    {
        await bench.StopNodeAsync();
        long atStop = bench.Arrivals.Refresh();
        IEnumerable<string> sensors = bench.Watch.SensorNames;
        bench.StartNode(sensors.ToDictionary(sensor => $"Sensors:{sensor}:Enabled", _ => "false"));
        await Waiting.UntilAsync(() => IsDrained(bench), DrainPatience, clock, cancellationToken);
        NodeStatus? status = bench.Watch.Latest;
        await bench.StopNodeAsync();
        long delivered = bench.Arrivals.Refresh();
        return status is null || bench.Watch.Baseline is not { } baseline ? null : Count(bench, status, baseline, leftAtStop: delivered - atStop);
    }

    private static bool IsDrained(EmulatedBench bench) =>
        bench.DiedByItself.IsCompleted || bench.Watch.Latest is { IsConnected: true, Telemetry.Pending: 0 };

    private static ReadingsAccount Count(EmulatedBench bench, NodeStatus status, long baseline, long leftAtStop)
    {
        long last = Math.Max(bench.Watch.HighestDurable, bench.Arrivals.LastSequence);
        long sent = last - baseline;
        long dropped = Math.Max(0, status.Telemetry.Dropped - (bench.Watch.DroppedBefore ?? 0));
        return new ReadingsAccount
        {
            Sent = sent,
            Confirmed = Math.Max(0, sent - status.Telemetry.Pending - dropped),
            Pending = status.Telemetry.Pending,
            Dropped = dropped,
            Distinct = bench.Arrivals.Distinct,
            Received = bench.Arrivals.Received,
            LeftAtStop = leftAtStop,
            Missing = bench.Arrivals.MissingBetween(baseline + 1, last),
        };
    }
}
