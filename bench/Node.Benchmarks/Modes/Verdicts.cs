using Node.Benchmarks.Report;
using static Node.Benchmarks.Peers.PeerCatalog;

namespace Node.Benchmarks.Modes;

/// <summary>What a whole run says about the goals of the client.</summary>
internal sealed class Verdicts
{
    private const string Direct = "direct";
    private const string Indirect = "indirect";
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

    public Results<Measurement>? OnMosquitto { get; set; }

    public Results<Delay>? LatencyOnMosquitto { get; set; }

    public Results<Connects>? ConnectingOnMosquitto { get; set; }

    /// <summary>Prints the table of goals.</summary>
    public void Print()
    {
        var goals = new Goals();
        AddThroughput(goals);
        AddCadence(goals);
        AddTurns(goals);
        AddLatency(goals, Anchors.Latency, Latency);
        AddLatency(goals, Anchors.LatencyMosquitto, LatencyOnMosquitto);
        AddConnecting(goals, "sink", Connecting);
        AddConnecting(goals, "mosquitto", ConnectingOnMosquitto);
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

        Ratio median = latency.Ratio(Own, Low, one => one.MedianMilliseconds);
        goals.AtMost("6", $"one message at a time, {anchor.Broker}: p50 ÷ MQTTnet low", median.Median, 0.6, Direct);
        goals.AtMost("6", "the same ÷ C", median.Median * anchor.Median, 1.1, Indirect);
        goals.AtMost("6", $"p99 ÷ C, {anchor.Broker}", latency.Ratio(Own, Low, one => one.HighMilliseconds).Median * anchor.High, 1.1, Indirect);
        if (anchor.Cpu is { } cpu)
        {
            goals.AtMost("6", $"CPU ÷ C, {anchor.Broker}", latency.Ratio(Own, Low, one => one.CpuMicroseconds).Median * cpu, 1.1, Indirect);
        }
    }

    private static void AddConnecting(Goals goals, string broker, Results<Connects>? connecting)
    {
        if (connecting is null)
        {
            return;
        }

        Ratio warm = connecting.Ratio(Own, Low, one => one.WarmMilliseconds);
        goals.AtMost("8", $"warm connect, {broker}: p50 ÷ C", warm.Median * Anchors.ConnectToC, 0.2, Indirect);
        goals.AtMost("8", "the same ÷ Node", warm.Median * Anchors.ConnectToNode, 0.75, Indirect);
        goals.AtMost("8", $"a process that confirms one message, JIT, {broker} ÷ Node", connecting.Ratio(Own, Low, one => one.ProcessMilliseconds).Median * Anchors.ProcessToNode, 0.65, Indirect);
    }

    private void AddThroughput(Goals goals)
    {
        string own = Modes.Throughput.Row(Own, 100);
        string low = Modes.Throughput.Row(Low, 100);
        string atOnce = Modes.Throughput.DefaultWindowRow;
        goals.AtLeast("1", "device to cloud, window 100: rate ÷ C", Throughput.Ratio(own, low, Rate).Median * Anchors.RateToC, 5, Indirect);
        goals.AtLeast("1", "rate ÷ MQTTnet low", Throughput.Ratio(own, low, Rate).Median, 10, Direct);
        goals.AtLeast("1", "rate ÷ MQTTnet high", Throughput.Ratio(own, Modes.Throughput.Row(High, 100), Rate).Median, 12, Direct);
        goals.AtLeast("1", "cold: rate ÷ warm C", Cold.Median(Own, Rate) / Throughput.Median(low, Rate) * Anchors.RateToC, 2, Indirect);
        goals.AtLeast("3", "20,000 queued at once: rate ÷ our window 100", Throughput.Ratio(atOnce, own, Rate).Median, 0.8, Direct);
        goals.AtMost("3", "the same: CPU ÷ our window 100", Throughput.Ratio(atOnce, own, Cpu).Median, 1.3, Direct);
        goals.AtLeast("3", "the same: rate ÷ C at once", Throughput.Ratio(atOnce, low, Rate).Median * Anchors.RateToCAtOnce, 10, Indirect);
    }

    private void AddCadence(Goals goals)
    {
        string own = Modes.Throughput.CadenceRow(100);
        string low = Modes.Throughput.Row(Low, 100);
        goals.AtMost("2", "each 1 ms, window 100, sink: CPU ÷ C", Throughput.Ratio(own, low, Cpu).Median * Anchors.CpuToCAtCadence, 0.25, Indirect);
        if (OnMosquitto is not null)
        {
            goals.AtMost("2", "the same, mosquitto", OnMosquitto.Ratio(own, low, Cpu).Median * Anchors.CpuToCAtCadenceMosquitto, 0.35, Indirect);
        }
    }

    private void AddTurns(Goals goals)
    {
        goals.AtMost("4", "DoWork with 10,000 unacknowledged ÷ idle", Turns.Ratio(Modes.Turns.Row(10_000), Modes.Turns.Idle, one => one.Nanoseconds).Median, 1.3, Direct);
        goals.AtMost("4", "DoWork with 10,000 queued offline ÷ idle", Turns.Ratio(Modes.Turns.Offline, Modes.Turns.Idle, one => one.Nanoseconds).Median, 1.3, Direct);
        goals.AtMost("5", "idle DoWork ÷ C (each as a ratio to a bare poll)", Turns.Ratio(Modes.Turns.Idle, Modes.Turns.BarePoll, one => one.Nanoseconds).Median / Anchors.CIdleToPoll, 0.7, Indirect);
        goals.AtMost("5", "bytes of an idle DoWork", Turns.Median(Modes.Turns.Idle, one => one.Bytes), 0, Direct);
        goals.AtMost("5", "system calls of an idle DoWork", Turns.Median(Modes.Turns.Idle, one => one.SystemCalls), 1, Direct);
        goals.AtMost("–", "send calls per message, window 100", SystemCalls.Median(Modes.SystemCalls.Row(100), one => one.Sends), 0.05, Direct);
        goals.AtMost("–", "recv calls per message, window 100, those of idle turns included", SystemCalls.Median(Modes.SystemCalls.Row(100), one => one.Receives), 0.1, Direct);
    }

    private void AddMemory(Goals goals)
    {
        goals.AtMost("9", "resident, connected and idle, JIT ÷ Node", Residency.Ratio(Own, Low, one => one.Kilobytes).Median * Anchors.ResidentToNode, 0.7, Indirect);
        goals.AtMost("9", "private dirty ÷ Node", Residency.Ratio(Own, Low, one => one.PrivateDirtyKilobytes).Median * Anchors.DirtyToNode, 0.45, Indirect);
        goals.AtMost("10", "heap bytes per message queued offline", Queue.Median(Own, one => one.Queued), 0.75 * Anchors.CQueuedBytes, Bytes);
        goals.AtMost("10", "bytes left per message when confirmed", Queue.Median(Own, one => one.Left), 1, Direct);
        goals.AtMost("10", "managed bytes per device-to-cloud message in all", Queue.Median(Own, one => one.AllocatedAgain), 0.3 * Anchors.CSentBytes, Bytes);
        goals.AtMost("10", "managed bytes per cloud-to-device message", CloudToDevice.Median(Modes.CloudToDevice.Row(Own, Modes.CloudToDevice.HubWindow), one => one.Bytes), 0.6 * Anchors.CReceivedBytes, Bytes);
    }

    private void AddCloudToDevice(Goals goals)
    {
        foreach (int window in (int[])[Modes.CloudToDevice.HubWindow, Modes.CloudToDevice.Wide])
        {
            string own = Modes.CloudToDevice.Row(Own, window);
            string low = Modes.CloudToDevice.Row(Low, window);
            goals.AtLeast("11", $"cloud to device, window {window}: rate ÷ C", CloudToDevice.Ratio(own, low, Rate).Median * Anchors.C2dRateToC, 5, Indirect);
            goals.AtMost("11", "the same: CPU ÷ C", CloudToDevice.Ratio(own, low, Cpu).Median * Anchors.C2dCpuToC, 0.25, Indirect);
        }
    }
}
