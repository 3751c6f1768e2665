using HilRig.Bench;
using HilRig.Checks;

namespace HilRig.Tests.Proofs;

/// <summary>Kills of the node and outages of the hub, for real: whatever was durable arrives.</summary>
[Collection(OneBenchAtATime.Name)]
public sealed class NothingLostTests
{
    [Fact]
    public async Task Readings_that_were_only_in_the_spool_arrive_after_a_kill_and_a_restart()
    {
        await using ProofBench proof = await ProofBench.StartAsync();
        EmulatedBench bench = proof.Bench;
        bench.StartNode();
        await proof.UntilArrivedAsync(5);
        await bench.Hub.StopListeningAsync();
        long before = bench.Arrivals.LastSequence;
        await proof.UntilAsync(() => bench.Watch.Latest is { Telemetry.Pending: >= 15 } && bench.Watch.HighestDurable >= before + 15, "15 readings in the spool while the hub is away");
        long durable = bench.Watch.HighestDurable;

        await bench.KillNodeAsync();
        await bench.Hub.ResumeListeningAsync();
        bench.StartNode();
        await proof.UntilAsync(() => bench.Arrivals.Refresh() > 0 && bench.Arrivals.LastSequence > durable, "readings of the second process");
        ReadingsAccount account = await AuditAsync(bench);

        Assert.True(durable - before >= 10, $"the kill came too early to prove anything: {before} at the hub, {durable} durable");
        Assert.Empty(bench.Arrivals.MissingBetween(1, durable));
        AssertNothingLost(account);
        IReadOnlyList<Arrival> arrivals = bench.Arrivals.Snapshot();
        string firstBoot = arrivals[0].BootId;
        Assert.All(arrivals.Where(arrival => arrival.Sequence <= durable), arrival => Assert.Equal(firstBoot, arrival.BootId));
        Assert.NotEqual(firstBoot, arrivals[^1].BootId);
    }

    [Fact]
    public async Task Kills_at_any_moment_of_the_flow_lose_nothing()
    {
        var random = new Random(20260222);
        await using ProofBench proof = await ProofBench.StartAsync("100ms");
        EmulatedBench bench = proof.Bench;
        for (int round = 1; round <= 4; round++)
        {
            bench.StartNode();
            long wanted = bench.Arrivals.Refresh() + random.Next(3, 25);
            await proof.UntilArrivedAsync(wanted);
            await bench.KillNodeAsync();
        }
        bench.StartNode();
        await proof.UntilArrivedAsync(bench.Arrivals.Refresh() + 3);

        ReadingsAccount account = await AuditAsync(bench);

        AssertNothingLost(account);
        Assert.Equal(5, bench.Arrivals.Snapshot().Select(arrival => arrival.BootId).Distinct().Count());
    }

    [Fact]
    public async Task A_hub_that_is_stopped_for_ten_seconds_and_started_again_loses_nothing()
    {
        await using ProofBench proof = await ProofBench.StartAsync("200ms");
        EmulatedBench bench = proof.Bench;
        bench.StartNode();
        await proof.UntilArrivedAsync(5);
        long before = bench.Arrivals.LastSequence;

        await bench.TakeHubAwayAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        await proof.UntilAsync(() => bench.Arrivals.Refresh() > before + 40, "the backlog of the outage");
        ReadingsAccount account = await AuditAsync(bench);

        AssertNothingLost(account);
        Assert.Empty(bench.Arrivals.MissingBetween(1, account.Sent));
    }

    private static async Task<ReadingsAccount> AuditAsync(EmulatedBench bench)
    {
        ReadingsAccount? account = await ReadingsAudit.RunAsync(bench, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.True(account is not null, string.Join(Environment.NewLine, bench.Log.Lines(40)));
        return account;
    }

    private static void AssertNothingLost(ReadingsAccount account)
    {
        Assert.True(account.Sent > 0);
        Assert.Empty(account.Missing);
        Assert.Equal(0, account.Lost);
        Assert.Equal(0, account.Pending);
        Assert.Equal(account.Sent, account.Confirmed);
        Assert.Equal(account.Sent, account.Distinct);
    }
}
