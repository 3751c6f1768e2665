using System.Globalization;
using HilRig.Bench;
using HilRig.Checks;

namespace HilRig.Tests.Proofs;

/// <summary>
/// The real node is killed at seeded instants, across outages of the hub, and started again at once. 20 kills each; the environment
/// variable <c>KILL_STORM</c> asks for another number, such as 200, and <c>KILL_STORM_SEED</c> for another course.
/// </summary>
[Collection(OneBenchAtATime.Name)]
public sealed class KillStormTests
{
    private static int Kills => int.Parse(Environment.GetEnvironmentVariable("KILL_STORM") ?? "20", CultureInfo.InvariantCulture);

    private static int Seed => int.Parse(Environment.GetEnvironmentVariable("KILL_STORM_SEED") ?? "20260316", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("one by one", "1", "none")]
    [InlineData("in compressed batches", "7", "gzip")]
    public async Task Every_durable_reading_arrives_or_is_a_repeat_under_the_same_id(string how, string batch, string compression)
    {
        var random = new Random(Seed);
        await using ProofBench proof = await ProofBench.StartAsync("100ms", new Dictionary<string, string>
        {
            ["BatchCount"] = batch,
            ["BatchDelay"] = "300ms",
            ["Compression"] = compression,
        });
        EmulatedBench bench = proof.Bench;
        bool isAway = false;
        for (int kill = 1; kill <= Kills; kill++)
        {
            bench.StartNode();
            long before = bench.Watch.HighestDurable;
            long seen = bench.Arrivals.Refresh();
            int wanted = random.Next(1, 12);
            await proof.UntilAsync(
                () => isAway ? bench.Watch.HighestDurable > before + wanted : bench.Arrivals.Refresh() > seen + wanted, $"kill {kill} of {how}");
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(60)), TimeProvider.System, TestContext.Current.CancellationToken); // Anywhere between two readings; nothing hangs on its length.
            await bench.KillNodeAsync();
            isAway = await SwitchHubAsync(bench, isAway, random.Next(3) == 0);
        }
        isAway = await SwitchHubAsync(bench, isAway, isAway);
        bench.StartNode();
        await proof.UntilArrivedAsync(bench.Arrivals.Refresh() + 3);

        ReadingsAccount? account = await ReadingsAudit.RunAsync(bench, TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.False(isAway);
        Assert.True(account is not null, string.Join(Environment.NewLine, bench.Log.Lines(40)));
        Assert.True(account.Sent > Kills, $"{account.Sent} readings prove little");
        Assert.Equal((0L, 0L, 0L), (account.Lost, account.Pending, bench.Arrivals.Unnumbered));
        Assert.Empty(account.Missing);
        Assert.Equal(account.Sent, account.Distinct); // Repeats came under the ids that were there already.
        TestContext.Current.TestOutputHelper?.WriteLine($"{Kills} kills {how}: {account.Sent} readings, {account.Repeats} repeated");
    }

    private static async Task<bool> SwitchHubAsync(EmulatedBench bench, bool isAway, bool change)
    {
        if (change && isAway)
        {
            await bench.Hub.ResumeListeningAsync();
        }
        else if (change)
        {
            await bench.Hub.StopListeningAsync();
        }
        return isAway != change;
    }
}
