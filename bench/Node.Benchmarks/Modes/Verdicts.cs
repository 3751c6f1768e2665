using Node.Benchmarks.Report;
using static Node.Benchmarks.Peers.PeerCatalog;

namespace Node.Benchmarks.Modes;

/// <summary>What a whole run says about the goals of the client.</summary>
internal sealed class Verdicts
{
    private const string Direct = "direct";
    private const string Bytes = "against the C SDK's bytes";

    public required Results<Measurement> Throughput { get; init; }

    public required Results<Measurement> Cold { get; init; }

    public required Results<Delay> Latency { get; init; }

    public required Results<Connects> Connecting { get; init; }

    public required Results<Measurement> CloudToDevice { get; init; }

    public required Results<Resident> Residency { get; init; }

    public required Results<Held> Queue { get; init; }

    public required Results<Turn> Turns { get; init; }

    public required Results<Calls> SystemCalls { get; init; }

    public Results<NativeRun>? NativeRuns { get; set; }

    public Results<Measurement>? OnMosquitto { get; set; }

    public Results<Delay>? LatencyOnMosquitto { get; set; }

    public Results<Connects>? ConnectingOnMosquitto { get; set; }

    /// <summary>Prints the table of goals.</summary>
    public void Print()
    {
        var goals = new Goals(Goals.OfTheClient);
        AddThroughput(goals);
        AddCadence(goals);
        AddTurns(goals);
        AddLatency(goals, Anchors.Latency, Latency);
        AddLatency(goals, Anchors.LatencyMosquitto, LatencyOnMosquitto);
        AddConnecting(goals, "sink", Connecting);
        AddConnecting(goals, "mosquitto", ConnectingOnMosquitto);
        AddNative(goals);
        AddMemory(goals);
        AddCloudToDevice(goals);
        goals.Close();
    }

    private static double Rate(Measurement one) => one.Rate;

    private static double Cpu(Measurement one) => one.CpuMicroseconds;

    private static void AddLatency(Goals goals, LatencyAnchor anchor, Results<Delay>? latency)
    {
        if (latency is null)
        {
            return;
        }

        goals.AtMost("6", $"one message at a time, {anchor.Broker}: p50 ÷ MQTTnet low", latency.Ratio(Own, Low, Middle).Median, 0.6, Direct);
        goals.AtMost("6", "the same ÷ C", Against(latency, Middle, anchor.Median), 1.1);
        goals.AtMost("6", $"p99 ÷ C, {anchor.Broker}", Against(latency, one => one.HighMilliseconds, anchor.High), 1.1);
        if (anchor.Cpu is { } cpu)
        {
            goals.AtMost("6", $"CPU ÷ C, {anchor.Broker}", Against(latency, one => one.CpuMicroseconds, cpu), 1.1);
        }
    }

    private static double Middle(Delay one) => one.MedianMilliseconds;

    private static Estimate Against(Results<Delay> latency, Func<Delay, double> figure, Estimate anchor) =>
        new(latency.Ratio(Own, Low, figure).Median * anchor.ByLow, latency.Ratio(Own, Floor, figure).Median * anchor.ByFloor);

    private static Estimate Against(Results<Measurement> results, (string Own, string Low, string Floor) rows, Func<Measurement, double> figure, double low, double floor) =>
        new(results.Ratio(rows.Own, rows.Low, figure).Median * low, results.Ratio(rows.Own, rows.Floor, figure).Median * floor);

    private static void AddConnecting(Goals goals, string broker, Results<Connects>? connecting)
    {
        if (connecting is null)
        {
            return;
        }

        Ratio warm = connecting.Ratio(Own, Low, one => one.WarmMilliseconds);
        goals.AtMost("8", $"warm connect, {broker}: p50 ÷ C", new Estimate(warm.Median * Anchors.ConnectToC), 0.2);
        goals.AtMost("8", "the same ÷ Node", new Estimate(warm.Median * Anchors.ConnectToNode), 0.75);
        goals.AtMost("8", $"a process that confirms one message, JIT, {broker} ÷ Node", new Estimate(connecting.Ratio(Own, Low, one => one.ProcessMilliseconds).Median * Anchors.ProcessToNode), 0.65);
    }

    private void AddNative(Goals goals)
    {
        if (NativeRuns is not { } native)
        {
            return;
        }

        goals.AtMost("8", "a process that confirms one message, native AOT, sink ÷ Node", new Estimate(native.Ratio(Native.Compiled, Native.Anchor, one => one.Milliseconds).Median * Anchors.ProcessToNode), 0.3);
        goals.AtMost("9", "resident, connected and idle, native AOT ÷ C", new Estimate(native.Ratio(Native.Compiled, Native.Anchor, one => one.Kilobytes).Median * Anchors.ResidentToC), 2.2);
    }

    private void AddThroughput(Goals goals)
    {
        (string Own, string Low, string Floor) rows = Rows(Own, 100);
        string atOnce = Modes.Throughput.DefaultWindowRow;
        goals.AtLeast("1", "device to cloud, window 100: rate ÷ C", Against(Throughput, rows, Rate, Anchors.RateToC, Anchors.FloorRateToC), 5);
        goals.AtLeast("1", "rate ÷ MQTTnet low", Throughput.Ratio(rows.Own, rows.Low, Rate).Median, 10, Direct);
        goals.AtLeast("1", "rate ÷ MQTTnet high", Throughput.Ratio(rows.Own, Modes.Throughput.Row(High, 100), Rate).Median, 12, Direct);
        double cold = Cold.Median(Own, Rate);
        goals.AtLeast("1", "cold: rate ÷ warm C", new Estimate(cold / Throughput.Median(rows.Low, Rate) * Anchors.RateToC, cold / Throughput.Median(rows.Floor, Rate) * Anchors.FloorRateToC), 2);
        goals.AtLeast("3", "20,000 queued at once: rate ÷ our window 100", Throughput.Ratio(atOnce, rows.Own, Rate).Median, 0.8, Direct);
        goals.AtMost("3", "the same: CPU ÷ our window 100", Throughput.Ratio(atOnce, rows.Own, Cpu).Median, 1.3, Direct);
        goals.AtLeast("3", "the same: rate ÷ C at once", Against(Throughput, rows with { Own = atOnce }, Rate, Anchors.RateToC / Anchors.CAtOnce, Anchors.FloorRateToC / Anchors.CAtOnce), 10);
    }

    private static (string Own, string Low, string Floor) Rows(string own, int window) =>
        (Modes.Throughput.Row(own, window), Modes.Throughput.Row(Low, window), Modes.Throughput.Row(Floor, window));

    private void AddCadence(Goals goals)
    {
        (string Own, string Low, string Floor) rows = Rows(Own, 100) with { Own = Modes.Throughput.CadenceRow(100) };
        goals.AtMost("2", "each 1 ms, window 100, sink: CPU ÷ C", Against(Throughput, rows, Cpu, Anchors.CpuToCAtCadence, Anchors.FloorCpuToCAtCadence), 0.25);
        if (OnMosquitto is not null)
        {
            goals.AtMost("2", "the same, mosquitto", Against(OnMosquitto, rows, Cpu, Anchors.CpuToCAtCadenceMosquitto, Anchors.FloorCpuToCAtCadenceMosquitto), 0.35);
        }
    }

    private void AddTurns(Goals goals)
    {
        goals.AtMost("4", "DoWork with 10,000 unacknowledged ÷ idle", Turns.Ratio(Modes.Turns.Row(10_000), Modes.Turns.Idle, one => one.Nanoseconds).Median, 1.3, Direct);
        goals.AtMost("4", "DoWork with 10,000 queued offline ÷ idle", Turns.Ratio(Modes.Turns.Offline, Modes.Turns.Idle, one => one.Nanoseconds).Median, 1.3, Direct);
        goals.AtMost("5", "idle DoWork ÷ C (each as a ratio to a bare poll)", new Estimate(Turns.Ratio(Modes.Turns.Idle, Modes.Turns.BarePoll, one => one.Nanoseconds).Median / Anchors.CIdleToPoll), 0.7);
        goals.AtMost("5", "bytes of an idle DoWork", Turns.Median(Modes.Turns.Idle, one => one.Bytes), 0, Direct);
        goals.AtMost("5", "system calls of an idle DoWork", Turns.Median(Modes.Turns.Idle, one => one.SystemCalls), 1, Direct);
        goals.AtMost("–", "send calls per message, window 100", SystemCalls.Median(Modes.SystemCalls.Row(100), one => one.Sends), 0.05, Direct);
        goals.AtMost("–", "recv calls per message, window 100, those of idle turns included", SystemCalls.Median(Modes.SystemCalls.Row(100), one => one.Receives), 0.1, Direct);
    }

    private void AddMemory(Goals goals)
    {
        goals.AtMost("9", "resident, connected and idle, JIT ÷ Node", new Estimate(Residency.Ratio(Own, Low, one => one.Kilobytes).Median * Anchors.ResidentToNode), 0.7);
        goals.AtMost("9", "private dirty ÷ Node", new Estimate(Residency.Ratio(Own, Low, one => one.PrivateDirtyKilobytes).Median * Anchors.DirtyToNode), 0.45);
        goals.AtMost("10", "heap bytes per message queued offline", Queue.Median(Own, one => one.Queued), 0.75 * Anchors.CQueuedBytes, Bytes);
        goals.AtMost("10", "kB of the heap left when all 10,000 are confirmed; 40 of them are the 1,024 places that the queue keeps", Queue.Median(Own, one => one.Left) * OfflineQueue.Messages / 1_024, 64, Direct);
        goals.AtMost("10", "managed bytes per device-to-cloud message in all", Queue.Median(Own, one => one.AllocatedAgain), 0.3 * Anchors.CSentBytes, Bytes);
        goals.AtMost("10", "managed bytes per cloud-to-device message", CloudToDevice.Median(Modes.CloudToDevice.Row(Own, Modes.CloudToDevice.HubWindow), one => one.Bytes), 0.6 * Anchors.CReceivedBytes, Bytes);
    }

    private void AddCloudToDevice(Goals goals)
    {
        foreach (int window in (int[])[Modes.CloudToDevice.HubWindow, Modes.CloudToDevice.Wide])
        {
            (string Own, string Low, string Floor) rows = (Modes.CloudToDevice.Row(Own, window), Modes.CloudToDevice.Row(Low, window), Modes.CloudToDevice.Row(Floor, window));
            goals.AtLeast("11", $"cloud to device, window {window}: rate ÷ C", Against(CloudToDevice, rows, Rate, Anchors.C2dRateToC, Anchors.FloorC2dRateToC), 5);
            goals.AtMost("11", "the same: CPU ÷ C", Against(CloudToDevice, rows, Cpu, Anchors.C2dCpuToC, Anchors.FloorC2dCpuToC), 0.25);
        }
    }
}
