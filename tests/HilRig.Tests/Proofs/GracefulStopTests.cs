using System.Text.Json.Nodes;
using HubEmulator;

namespace HilRig.Tests.Proofs;

/// <summary>
/// SIGTERM at awkward moments. The real node ends by itself with 0, safe, and the next start finds nothing to put right. How long a stop may
/// take is proved on virtual time (NodeStopTests); here the bound is wide enough for any load.
/// </summary>
[Collection(OneBenchAtATime.Name)]
public sealed class GracefulStopTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task While_an_actuator_pulses_it_is_switched_off_and_the_hub_is_told()
    {
        await using DefectiveNode node = await DefectiveNode.StartAsync(("Actuators:led:Rearm", "true"));
        await node.StartNodeAsync();
        await node.CallAsync("led*pulse", "\"PT5M\"");
        bool before = node.IsLedOn;

        await StopAsync(node);
        JsonNode led = (await node.ReportedAsync())["led"]!;

        Assert.Equal((true, false), (before, node.IsLedOn));
        Assert.Equal(("off", "the program stops"), ((string)led["state"]!, (string)led["cause"]!));
        await StartsCleanlyAsync(node);
        Assert.Equal(200, (await node.CallAsync("led*setState", "true")).Status); // It was stopped in order: nothing waits to be armed.
    }

    [Fact]
    public async Task While_the_hub_is_half_open()
    {
        await using DefectiveNode node = await DefectiveNode.StartAsync();
        await node.StartNodeAsync();
        await node.CallAsync("led*setState", "true");
        HubFaultStatus fault = node.Bench.Hub.Play(new HubFault(HubFaultKind.HalfOpen) { For = TimeSpan.FromMinutes(10) });
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, TestContext.Current.CancellationToken); // Something is on its way by then.

        await StopAsync(node);
        bool after = node.IsLedOn;
        node.Bench.Hub.TryEndFault(fault.Id);

        Assert.False(after);
        await StartsCleanlyAsync(node);
    }

    [Fact]
    public async Task While_a_sensor_hangs()
    {
        await using DefectiveNode node = await DefectiveNode.StartAsync(
            ("Sensors:air:Chip", "SCD41"), ("Sensors:air:Address", "0x62"), ("Sensors:air:Interval", "1s"), ("Sensors:air:Timeout", "10min"));
        node.Bench.Board!.Board.Faults.Add(new Node.Sensors.Emulation.BusFault { Kind = Node.Sensors.Emulation.BusFaultKind.SlowConversion, Chip = "scd41", Factor = 100 });
        await node.StartNodeAsync();
        await node.CallAsync("led*setState", "true");

        await StopAsync(node);

        Assert.False(node.IsLedOn);
        await StartsCleanlyAsync(node);
    }

    [Fact]
    public async Task While_a_backlog_drains_and_what_is_left_arrives_after_the_next_start()
    {
        await using DefectiveNode node = await DefectiveNode.StartAsync();
        await node.Bench.Hub.StopListeningAsync();
        node.Bench.StartNode();
        await node.UntilAsync(() => node.Bench.Watch.Latest?.Telemetry.Pending >= 30, "a backlog");
        node.Bench.Hub.Play(new HubFault(HubFaultKind.SlowAcknowledgement) { For = TimeSpan.FromMinutes(10), Lateness = TimeSpan.FromSeconds(30) });
        await node.Bench.Hub.ResumeListeningAsync();
        await node.UntilAsync(() => node.Bench.Arrivals.Refresh() >= 5, "the backlog to begin to drain");

        await StopAsync(node);
        foreach (HubFaultStatus fault in node.Bench.Hub.Faults)
        {
            node.Bench.Hub.TryEndFault(fault.Id);
        }

        await StartsCleanlyAsync(node);
        await node.UntilAsync(() => node.Bench.Watch.Latest?.Telemetry.Pending == 0, "the rest to arrive");
    }

    private static async Task StopAsync(DefectiveNode node)
    {
        (int exitCode, _, bool wasKilled) = await node.Bench.Node!.StopAsync(Patience);
        await node.Bench.KillNodeAsync(); // It is gone; the bench is told.

        string log = string.Join(Environment.NewLine, node.Bench.Log.Lines(60));
        Assert.False(wasKilled, $"it was still there after a minute{Environment.NewLine}{log}");
        Assert.True(exitCode == 0, $"exit code {exitCode}{Environment.NewLine}{log}");
        Assert.Contains("Node stopped in ", log, StringComparison.Ordinal);
    }

    private static async Task StartsCleanlyAsync(DefectiveNode node)
    {
        int before = node.Bench.Log.Lines(500).Count;
        node.Bench.StartNode();
        await node.UntilAsync(() => node.Bench.Log.Lines(500).Skip(before).Any(line => line.Contains("Connected to the hub", StringComparison.Ordinal)), "the hub again");

        Assert.DoesNotContain(node.Bench.Log.Lines(500).Skip(before), line =>
            line.Contains("warn:", StringComparison.Ordinal) || line.Contains("fail:", StringComparison.Ordinal) || line.Contains("crit:", StringComparison.Ordinal));
    }
}
