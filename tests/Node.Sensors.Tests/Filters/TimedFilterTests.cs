namespace Node.Sensors.Tests.Filters;

/// <summary>The filters that look at the time, driven by instants alone.</summary>
public sealed class TimedFilterTests
{
    [Fact]
    public void Throttle_passes_one_value_in_each_period()
    {
        ChainBench bench = new("""{"1_throttle": "10s"}""");

        foreach (double second in (double[])[1, 5, 10.9, 11, 12, 21]) { bench.Push(second, second); }

        Assert.Equal([1, 11, 21], bench.Values);
        Assert.Null(bench.DueSeconds);
    }

    [Fact]
    public void Throttle_with_priority_lets_what_is_urgent_through()
    {
        ChainBench bench = new("""{"1_throttle_with_priority": {"timeout": "10s", "value": "nan; 99"}}""");

        foreach ((double value, double second) in ((double, double)[])[(1, 1), (2, 2), (99, 3), (double.NaN, 4), (3, 5), (4, 14)]) { bench.Push(value, second); }

        Assert.Equal([1, 99, double.NaN, 4], bench.Values);
    }

    [Fact]
    public void Throttle_average_gives_the_mean_of_each_period()
    {
        ChainBench bench = new("""{"1_throttle_average": "10s"}""");

        foreach ((double value, double second) in ((double, double)[])[(1, 1), (2, 5), (6, 9)]) { bench.Push(value, second); }
        double? due = bench.DueSeconds;
        bench.Advance(10);
        bench.Advance(20); // nothing came
        bench.Push(double.NaN, 25);
        bench.Advance(30);

        Assert.Equal(10, due);
        Assert.Equal([(3, 10), (double.NaN, 30)], bench.Timed);
    }

    [Fact]
    public void Debounce_passes_what_has_stood_for_the_period()
    {
        ChainBench bench = new("""{"1_debounce": "2s"}""");

        bench.Push(1, 1);
        bench.Push(2, 2.5);
        double? due = bench.DueSeconds;
        bench.Advance(4.5);
        bench.Advance(9);

        Assert.Equal(4.5, due);
        Assert.Equal([(2, 4.5)], bench.Timed);
        Assert.Null(bench.DueSeconds);
    }

    [Fact]
    public void Heartbeat_repeats_the_newest_value_in_an_even_rhythm()
    {
        ChainBench bench = new("""{"1_heartbeat": "5s"}""");

        bench.Advance(5); // nothing to tell yet
        bench.Push(7, 6);
        bench.Push(8, 7);
        bench.Advance(10);
        bench.Advance(27); // late: the two that were missed are left out
        double? due = bench.DueSeconds;

        Assert.Equal([(8, 10), (8, 27)], bench.Timed);
        Assert.Equal(30, due);
    }

    [Fact]
    public void An_optimistic_heartbeat_passes_every_value_too()
    {
        ChainBench bench = new("""{"1_heartbeat": {"period": "5s", "optimistic": true}}""");

        bench.Push(1, 1);
        bench.Push(2, 2);
        bench.Advance(5);

        Assert.Equal([(1, 1), (2, 2), (2, 5)], bench.Timed);
    }

    [Theory]
    [InlineData("\"10s\"", double.NaN)]
    [InlineData("""{"timeout": "10s", "value": -1}""", -1)]
    [InlineData("""{"timeout": "10s", "value": "last"}""", 2)]
    public void Timeout_tells_once_that_nothing_came(string parameters, double told)
    {
        ChainBench bench = new($$"""{"1_timeout": {{parameters}}}""");

        bench.Push(1, 1);
        bench.Push(2, 8);
        bench.Advance(17.9);
        bench.Advance(18);
        bench.Advance(60);

        Assert.Equal([(1, 1), (2, 8), (told, 18)], bench.Timed);
    }

    [Fact]
    public void A_deadband_with_a_heartbeat_passes_changes_and_a_sign_of_life()
    {
        ChainBench bench = new("""{"1_or": {"1_delta": 0.5, "2_heartbeat": "60s"}}""");

        for (int second = 10; second <= 200; second += 10) { bench.Push(second == 130 ? 21 : 20, second); }

        // The value of second 10 is the first; second 130 and 140 are changes. At 60 and 120 (before the value of that instant) and 180 it beats.
        Assert.Equal([(20, 10), (20, 60), (20, 120), (21, 130), (20, 140), (20, 180)], bench.Timed);
    }

    [Fact]
    public void Of_several_filters_in_an_or_the_first_that_passes_counts()
    {
        double[] passed = ChainBench.Run("""{"1_or": {"1_skip_initial": 2, "2_delta": 5}, "2_offset": 100}""", 1, 2, 9, 9);

        Assert.Equal([101, 109, 109], passed);
    }

    [Fact]
    public void What_one_filter_brings_out_by_itself_goes_through_those_after_it()
    {
        ChainBench bench = new("""{"1_throttle_average": "10s", "2_offset": 1, "3_round": 1}""");

        bench.Push(1.04, 1);
        bench.Push(1.13, 2);
        bench.Advance(10);

        Assert.Equal([(2.1, 10)], bench.Timed);
    }
}
