using Node.Host.Dashboard.History;
using Node.Host.Spool;
using Node.Host.Tests.TestKit;

namespace Node.Host.Tests.Dashboard;

public sealed class ReadingHistoryTests
{
    [Fact]
    public async Task Readings_are_there_raw_and_filtered_at_the_wall_clocks_time_of_now_whatever_it_showed_then()
    {
        using var node = new TestNode();
        var history = new ReadingHistory(node.Clock);
        node.Climate.Read += (sensor, reading) => history.Add(sensor.Name, reading);
        await node.SampleAsync(TestContext.Current.CancellationToken);
        node.Time.Advance(TimeSpan.FromSeconds(10));
        node.Chips["climate"].Celsius = 22.25;
        await node.SampleAsync(TestContext.Current.CancellationToken);

        SensorHistory curves = history.Read("climate", TimeSpan.FromHours(1));

        double start = TestNode.Start.ToUnixTimeSeconds();
        QuantitySeries temperature = Assert.Single(curves.Quantities, series => series.Quantity == "temperature");
        Assert.Equal([start, start + 10], temperature.At);
        Assert.Equal([21.5, 22.25], temperature.Raw);
        Assert.Equal([21.5, 22.25], temperature.Filtered);
        Assert.Equal((start + 10 - 3600, start + 10), (curves.From, curves.To));
        Assert.Empty(history.Read("nobody", TimeSpan.FromHours(1)).Quantities);
    }

    [Fact]
    public async Task After_a_restart_it_begins_with_what_the_spool_still_has_and_leaves_out_what_is_older_than_a_day()
    {
        using var folder = new TemporaryFolder();
        using (var before = new TestNode(folder))
        {
            await before.Spool.AppendAsync(Entry(TestNode.Start.AddHours(-30), true, 10), TestContext.Current.CancellationToken);
            await before.Spool.AppendAsync(Entry(TestNode.Start.AddHours(-2), true, 20), TestContext.Current.CancellationToken);
            await before.Spool.AppendAsync(Entry(TestNode.Start.AddHours(-1), false, 30), TestContext.Current.CancellationToken);
            await before.SampleAsync(TestContext.Current.CancellationToken);
        }

        using var after = new TestNode(folder);
        var history = new ReadingHistory(after.Clock);
        after.Time.Advance(TimeSpan.FromMinutes(5));

        int restored = SpoolMemory.Restore(folder.File("spool.db"), "boot2", history, TestContext.Current.CancellationToken);

        QuantitySeries temperature = Assert.Single(history.Read("climate", QuantityHistory.Reach).Quantities, series => series.Quantity == "temperature");
        Assert.Equal(3, restored); // The one without a known time has no place on the axis.
        Assert.Equal([20, 21.5], temperature.Filtered);
        Assert.All(temperature.Raw, value => Assert.Null(value));
        Assert.Equal(0, SpoolMemory.Restore(folder.File("spool.db"), "boot1", new ReadingHistory(after.Clock), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void The_number_of_quantities_is_bounded()
    {
        using var node = new TestNode();
        var history = new ReadingHistory(node.Clock);

        for (int number = 0; number < 2 * ReadingHistory.MostQuantities; number++)
        {
            history.AddEarlier("climate", $"q{number}", TestNode.Start, 1);
        }

        Assert.Equal(ReadingHistory.MostQuantities, history.Read("climate", QuantityHistory.Reach).Quantities.Count);
    }

    private static SpoolEntry Entry(DateTimeOffset at, bool synced, double celsius) =>
        new("climate", at, synced, 0, System.Text.Encoding.UTF8.GetBytes($$"""{"temperature":{{celsius}}}"""));
}
