using Node.Sensors.Signals;

namespace Node.Sensors.Tests.Signals;

public sealed class DebouncerTests
{
    [Fact]
    public void A_bouncing_press_counts_once()
    {
        Debouncer debouncer = new(At(20), level: false, TimeSpan.Zero);

        foreach ((bool level, int millisecond) in ((bool, int)[])[(true, 100), (false, 101), (true, 103), (false, 104), (true, 109)]) { debouncer.Edge(level, At(millisecond)); }
        debouncer.Look(true, At(128));
        long early = debouncer.Count;
        debouncer.Look(true, At(129));

        Assert.Equal(0, early);
        Assert.Equal((1, true, At(109), 0), (debouncer.Count, debouncer.IsActive, debouncer.LastEdge, debouncer.MissedEdges));
    }

    [Fact]
    public void A_press_and_release_before_anybody_looks_counts()
    {
        Debouncer debouncer = new(At(20), level: false, TimeSpan.Zero);

        debouncer.Edge(true, At(100));
        debouncer.Edge(false, At(130));
        debouncer.Look(false, At(500));

        Assert.Equal((1, false, At(130)), (debouncer.Count, debouncer.IsActive, debouncer.LastEdge));
    }

    [Fact]
    public void Clean_pulses_all_count_without_a_period()
    {
        Debouncer debouncer = new(TimeSpan.Zero, level: false, TimeSpan.Zero);

        for (int i = 1; i <= 1000; i++) { debouncer.Edge(i % 2 == 1, TimeSpan.FromMicroseconds(i)); }

        Assert.Equal(500, debouncer.Count);
        Assert.Equal(0, debouncer.MissedEdges);
    }

    [Theory, InlineData(0), InlineData(20)]
    public void An_edge_that_was_only_on_its_way_when_the_level_was_looked_at_is_not_missed_and_counts_once(int period)
    {
        Debouncer debouncer = new(At(period), level: false, TimeSpan.Zero);

        debouncer.Look(true, At(100));
        debouncer.Edge(true, At(95));
        debouncer.Edge(false, At(150));
        debouncer.Look(false, At(500));

        Assert.Equal((1, 0, false), (debouncer.Count, debouncer.MissedEdges, debouncer.IsActive));
    }

    [Theory]
    [InlineData(false, 1, false, 1)] // up, and then the told fall
    [InlineData(false, 2, true, 2)] // up, down, and then the told rise
    [InlineData(true, 3, true, 2)]
    [InlineData(true, 1000, false, 500)]
    public void Edges_that_are_known_to_be_lost_are_counted_by_what_they_must_have_been(bool before, int lost, bool told, int count)
    {
        Debouncer debouncer = new(TimeSpan.Zero, before, TimeSpan.Zero);

        debouncer.Edge(told, At(100), lost);

        Assert.Equal((count, lost, told), (debouncer.Count, debouncer.MissedEdges, debouncer.IsActive));
    }

    [Fact]
    public void Edges_that_are_known_to_be_lost_are_not_missed_twice_with_a_period()
    {
        Debouncer debouncer = new(At(20), level: true, TimeSpan.Zero);

        debouncer.Edge(true, At(100), lost: 5);

        Assert.Equal(5, debouncer.MissedEdges);
    }

    [Fact]
    public void An_edge_that_was_not_told_is_found_by_the_level()
    {
        Debouncer debouncer = new(At(20), level: false, TimeSpan.Zero);

        debouncer.Look(true, At(100));
        debouncer.Look(true, At(120));

        Assert.Equal((1, 1, true), (debouncer.Count, debouncer.MissedEdges, debouncer.IsActive));
    }

    [Fact]
    public void Two_edges_of_one_direction_tell_of_one_between_them()
    {
        Debouncer pulses = new(TimeSpan.Zero, level: false, TimeSpan.Zero);
        Debouncer contact = new(At(20), level: false, TimeSpan.Zero);

        foreach (Debouncer one in (Debouncer[])[pulses, contact])
        {
            one.Edge(true, At(100));
            one.Edge(true, At(200));
            one.Look(true, At(300));
        }

        Assert.Equal((2, 1), (pulses.Count, pulses.MissedEdges));
        Assert.Equal((1, 1), (contact.Count, contact.MissedEdges)); // what a bounce left out is no second press
    }

    private static TimeSpan At(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
