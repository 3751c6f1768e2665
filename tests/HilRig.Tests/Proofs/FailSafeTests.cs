using HilRig.Service;

namespace HilRig.Tests.Proofs;

/// <summary>Outputs of the real node when the node itself fails, as the rig sees them at the pins.</summary>
[Collection(OneBenchAtATime.Name)]
public sealed class FailSafeTests
{
    [Fact]
    public async Task A_defect_that_nobody_handles_switches_off_on_its_way_out_and_is_known_at_the_next_start()
    {
        await using DefectiveNode node = await DefectiveNode.StartAsync(("Actuators:led:Rearm", "true"));
        await node.StartNodeAsync();
        await node.CallAsync("led*setState", "true");
        bool before = node.IsLedOn;

        node.Fail(StartupHook.Unhandled);
        int exitCode = await node.Bench.DiedByItself.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        bool after = node.IsLedOn;
        node.Mend(StartupHook.Unhandled);
        await node.StartNodeAsync();
        MethodAnswer refused = await node.CallAsync("led*setState", "true");
        MethodAnswer armed = await node.CallAsync("led*arm", "null");
        MethodAnswer on = await node.CallAsync("led*setState", "true");

        Assert.Equal((true, false), (before, after));
        Assert.NotEqual(0, exitCode);
        Assert.Equal((409, 200, 200), (refused.Status, armed.Status, on.Status));
    }

    [Fact]
    public async Task After_a_SIGKILL_the_next_start_switches_off_before_it_samples_and_waits_to_be_armed()
    {
        await using DefectiveNode node = await DefectiveNode.StartAsync(("Actuators:led:Rearm", "true"));
        await node.StartNodeAsync();
        await node.CallAsync("led*setState", "true");

        await node.Bench.KillNodeAsync();
        bool whileDead = node.IsLedOn;
        await node.StartNodeAsync(); // With readings at the hub the outputs have long been driven.
        bool afterwards = node.IsLedOn;
        MethodAnswer refused = await node.CallAsync("led*setState", "true");

        Assert.True(whileDead, "a pin that nobody holds keeps its level, on a Pi as here");
        Assert.False(afterwards);
        Assert.Equal(409, refused.Status);
        Assert.Contains("ended without a stop", (string)refused.Payload!["error"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_limit_holds_when_every_thread_of_the_pool_hangs()
    {
        await using DefectiveNode node = await DefectiveNode.StartAsync();
        await node.StartNodeAsync();
        await node.CallAsync("led*pulse", "\"PT4S\"");
        bool began = node.IsLedOn;

        node.Fail(StartupHook.Starved);
        await node.UntilAsync(() => !node.IsLedOn, "the pulse to end");
        bool alive = !node.Bench.DiedByItself.IsCompleted;

        Assert.True(began);
        Assert.True(alive);
    }
}
