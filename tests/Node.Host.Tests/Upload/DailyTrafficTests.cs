using Microsoft.Extensions.Logging.Abstractions;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Spool;
using Node.Host.Tests.TestKit;
using Node.Host.Upload;
using Node.HubClient;

namespace Node.Host.Tests.Upload;

public sealed class DailyTrafficTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Readings_stop_at_the_budget_alarms_go_on_and_the_next_day_begins_anew()
    {
        using var node = new TestNode(null, ["climate"], null, null, new UploadOptions { DailyBytes = 20_000 });
        node.Connect();
        for (int i = 0; i < 100; i++)
        {
            await node.SampleAsync(Cancelled);
            node.Loop.Turn();
            node.Client.EndTelemetry(SendConfirmation.Ok);
            node.Loop.Turn();
        }

        int readings = node.Client.Sent.Count;
        Assert.InRange(readings, 10, 60);
        Assert.InRange(node.Upload.Traffic.Today, 18_000, 20_000);
        Assert.Equal(UploadHold.Budget, node.Upload.Hold);
        await node.Spool.AppendAsync(new SpoolEntry("climate", TestNode.Start, true, 1, "{}"u8.ToArray()), Cancelled);
        node.Loop.Turn();
        Assert.Equal("boot1-101", node.Client.Sent[^1].MessageId);

        node.Time.Advance(TimeSpan.FromHours(12));
        node.Loop.Turn();

        Assert.Equal($"boot1-{readings + 1}", node.Client.Sent[readings + 1].MessageId);
        Assert.InRange(node.Upload.Traffic.Today, 1, 20_000);
    }

    [Fact]
    public async Task A_raised_budget_counts_at_once()
    {
        using var node = new TestNode(null, ["climate"], null, null, new UploadOptions { DailyBytes = 10_000 });
        node.Connect();
        for (int i = 0; i < 50; i++)
        {
            await node.SampleAsync(Cancelled);
        }

        node.Loop.Turn();
        int before = node.Client.Sent.Count;
        node.StoreReported();
        node.Patch("""{"dailyBytes":0,"$version":2}""");
        node.Loop.Turn();

        Assert.InRange(before, 1, 30);
        Assert.Equal(50, node.Client.Sent.Select(message => message.MessageId).Distinct().Count());
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void No_restart_lets_more_out_than_the_budget(int seed)
    {
        const long Budget = 1_000_000;
        using var folder = new TemporaryFolder();
        var random = new Random(seed);
        var time = new SteppedTime(TestNode.Start);
        var clock = new NodeClock(time, default, TimeSpan.Zero);
        long spent = 0;
        for (int run = 0; run < 40; run++)
        {
            var traffic = new DailyTraffic(folder.Path, clock, NullLogger.Instance);
            for (int i = random.Next(60); i > 0; i--)
            {
                long bytes = random.Next(100, 5_000);
                spent += traffic.TrySpend(bytes, Budget) ? bytes : 0;
            }

            if (random.Next(2) == 0)
            {
                traffic.Save(); // A stop; else a power cut.
            }

            Assert.True(spent <= Budget);
        }

        Assert.True(spent > Budget / 4, "the reserve of power cuts eats the budget");
    }

    [Fact]
    public void A_stop_keeps_the_exact_count_and_a_power_cut_never_less_than_what_went_out()
    {
        using var folder = new TemporaryFolder();
        var clock = new NodeClock(new SteppedTime(TestNode.Start), default, TimeSpan.Zero);
        var first = new DailyTraffic(folder.Path, clock, NullLogger.Instance);
        first.Spend(5_000, 1_000_000);
        long afterCut = new DailyTraffic(folder.Path, clock, NullLogger.Instance).Today;
        first.Save();

        Assert.InRange(afterCut, 5_000, 50_000);
        Assert.Equal(5_000, new DailyTraffic(folder.Path, clock, NullLogger.Instance).Today);
    }

    [Fact]
    public void The_day_is_that_of_utc_and_a_clock_set_back_over_midnight_does_not_double_the_budget()
    {
        using var folder = new TemporaryFolder();
        var time = new SteppedTime(TestNode.Start);
        var traffic = new DailyTraffic(folder.Path, new NodeClock(time, default, TimeSpan.Zero), NullLogger.Instance);
        traffic.Spend(700, 1_000);
        time.Set(new DateTimeOffset(2026, 3, 2, 0, 0, 1, TimeSpan.Zero));
        Assert.True(traffic.TrySpend(900, 1_000));

        time.Set(new DateTimeOffset(2026, 3, 1, 23, 59, 0, TimeSpan.Zero));
        bool inTheOldDay = traffic.TrySpend(200, 1_000);
        time.Set(new DateTimeOffset(2026, 3, 2, 0, 0, 1, TimeSpan.Zero));
        bool inTheSameDayAgain = traffic.TrySpend(200, 1_000);
        time.Set(new DateTimeOffset(2026, 3, 3, 0, 0, 1, TimeSpan.Zero));

        Assert.False(inTheOldDay);
        Assert.False(inTheSameDayAgain);
        Assert.True(traffic.TrySpend(200, 1_000));
    }

    [Fact]
    public void A_clock_that_was_years_ahead_costs_no_more_than_the_day()
    {
        using var folder = new TemporaryFolder();
        var time = new SteppedTime(new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var traffic = new DailyTraffic(folder.Path, new NodeClock(time, default, TimeSpan.Zero), NullLogger.Instance);
        traffic.Spend(900, 1_000);
        time.Set(TestNode.Start);
        bool today = traffic.TrySpend(200, 1_000);
        time.Set(TestNode.Start.AddDays(1));

        Assert.False(today);
        Assert.True(traffic.TrySpend(200, 1_000));
    }

    [Fact]
    public void A_month_is_reckoned_from_this_run_and_then_from_whole_days()
    {
        using var folder = new TemporaryFolder();
        var time = new SteppedTime(TestNode.Start);
        var traffic = new DailyTraffic(folder.Path, new NodeClock(time, default, TimeSpan.Zero), NullLogger.Instance);
        Assert.Null(traffic.MonthlyBytes);
        time.Advance(TimeSpan.FromHours(1));
        traffic.Spend(1_000, 0);
        double early = traffic.MonthlyBytes!.Value;
        time.Advance(TimeSpan.FromDays(2));

        Assert.Equal(1_000 * 24 * 30, early, 1.0);
        Assert.Equal(500 * 30, traffic.MonthlyBytes!.Value, 1.0); // A day with a thousand and one with none.
    }

    [Fact]
    public void A_torn_file_counts_as_a_fresh_day()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File(TrafficRecord.FileName), "{\"day\":\"2026-");
        var traffic = new DailyTraffic(folder.Path, new NodeClock(new SteppedTime(TestNode.Start), default, TimeSpan.Zero), NullLogger.Instance);

        Assert.Equal(0, traffic.Today);
        Assert.True(traffic.TrySpend(10, 100));
    }
}
