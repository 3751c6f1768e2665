using System.IO.Compression;
using Microsoft.Extensions.Time.Testing;
using Node.Host.Spool;

namespace Node.Host.Tests.Spool;

public sealed class PackingEffortTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void What_comes_at_more_than_a_thousand_a_second_and_is_sent_as_fast_is_packed_fast()
    {
        var effort = new PackingEffort(_clock);
        _clock.Advance(TimeSpan.FromMilliseconds(200));

        CompressionLevel level = effort.Next(256, areSentSoon: true);

        Assert.Equal(CompressionLevel.Fastest, level);
    }

    [Theory]
    [InlineData(16, 0)] // a round of all sensors
    [InlineData(63, 5)]
    [InlineData(64, 64)] // a thousand a second and no more
    [InlineData(256, 10_000)] // many, but gathered for long
    [InlineData(0, 1)] // deletions only
    public void What_comes_seldom_or_in_small_numbers_is_packed_small(int readings, int milliseconds)
    {
        var effort = new PackingEffort(_clock);
        _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

        CompressionLevel level = effort.Next(readings, areSentSoon: true);

        Assert.Equal(CompressionLevel.Optimal, level);
    }

    [Fact]
    public void What_waits_for_the_hub_is_packed_small_however_fast_it_comes()
    {
        var effort = new PackingEffort(_clock);
        _clock.Advance(TimeSpan.FromMilliseconds(200));

        CompressionLevel level = effort.Next(256, areSentSoon: false);

        Assert.Equal(CompressionLevel.Optimal, level);
    }

    [Fact]
    public void The_pace_is_that_since_the_last_commit()
    {
        var effort = new PackingEffort(_clock);
        _clock.Advance(TimeSpan.FromMinutes(1));

        CompressionLevel[] levels = [effort.Next(256, areSentSoon: true), effort.Next(256, areSentSoon: true)];

        Assert.Equal([CompressionLevel.Optimal, CompressionLevel.Fastest], levels);
    }
}
