using Node.Host.Dashboard.History;

namespace Node.Host.Tests.Dashboard;

public sealed class QuantityHistoryTests
{
    [Fact]
    public void A_short_history_is_given_back_as_it_came()
    {
        var history = new QuantityHistory();
        HistoryPoint[] points = [Point(100, 1, 1.5f), Point(105, 2, float.NaN), Point(190, 3, 3.5f)];

        foreach (HistoryPoint point in points)
        {
            history.Add(point);
        }

        Assert.Equal(points, history.Since(TimeSpan.Zero));
        Assert.Equal(points[1..], history.Since(TimeSpan.FromSeconds(105)));
    }

    [Fact]
    public void Beyond_the_newest_values_each_minute_has_its_mean_and_nothing_is_older_than_a_day()
    {
        var history = new QuantityHistory();
        const int Day = 24 * 3600;

        for (int second = 0; second < 2 * Day; second += 10)
        {
            history.Add(Point(second, second % 60, 7));
        }

        IReadOnlyList<HistoryPoint> all = history.Since(TimeSpan.FromSeconds(Day));
        List<HistoryPoint> minutes = [.. all.Take(all.Count - QuantityHistory.MostRecent)];
        Assert.All(minutes, point => Assert.Equal((25f, 7f), (point.Raw, point.Filtered)));
        Assert.InRange(minutes.Count, (24 * 60) - 101, (24 * 60) - 99);
        Assert.Equal(all.OrderBy(point => point.At), all);
        Assert.Equal(TimeSpan.FromSeconds((2 * Day) - 10), all[^1].At);
    }

    [Fact]
    public void However_much_comes_the_number_of_points_stays_bounded()
    {
        var history = new QuantityHistory();

        for (int tenth = 0; tenth < 300_000; tenth++)
        {
            history.Add(new HistoryPoint(TimeSpan.FromSeconds(tenth * 5), 1, 1));
        }

        Assert.InRange(history.Since(TimeSpan.MinValue).Count, 1, QuantityHistory.MostRecent + (25 * 60));
    }

    [Fact]
    public void Earlier_values_come_before_those_that_are_there_also_from_before_the_machine_started()
    {
        var history = new QuantityHistory();
        history.Add(Point(30, 1, 1));

        history.AddToMinute(Point(-90, float.NaN, 4));
        history.AddToMinute(Point(-3600, float.NaN, 8));

        Assert.Equal([8f, 4f, 1f], history.Since(TimeSpan.FromDays(-1)).Select(point => point.Filtered));
    }

    [Fact]
    public void What_is_a_day_older_than_what_is_there_does_not_replace_it()
    {
        var history = new QuantityHistory();
        history.AddToMinute(Point(30, 1, 1));

        history.AddToMinute(Point(30 - (25 * 3600), 9, 9));

        Assert.Equal([1f], history.Since(TimeSpan.MinValue).Select(point => point.Raw));
    }

    private static HistoryPoint Point(int second, float raw, float filtered) => new(TimeSpan.FromSeconds(second), raw, filtered);
}
