using Node.Sensors.Signals;

namespace Node.Sensors.Tests.Signals;

/// <summary>The times of edges on the program's clock, however late each is told.</summary>
public sealed class EdgeClockTests
{
    [Fact]
    public void Edges_that_are_told_all_at_once_are_as_far_apart_as_they_were()
    {
        EdgeClock clock = new();
        clock.Happened(Milliseconds(1_000_000), Milliseconds(100)); // told at once

        TimeSpan[] happened = [.. Enumerable.Range(1, 5).Select(i => clock.Happened(Milliseconds(1_000_000 + (i * 10)), Milliseconds(900)))];

        Assert.Equal([110.0, 120.0, 130.0, 140.0, 150.0], happened.Select(static at => at.TotalMilliseconds));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Nothing_happens_after_it_was_told_and_nothing_goes_back(int seed)
    {
        Random random = new(seed);
        EdgeClock clock = new();
        TimeSpan really = TimeSpan.Zero, told = TimeSpan.Zero, last = TimeSpan.Zero;
        for (int edge = 0; edge < 20_000; edge++)
        {
            really += Milliseconds(random.Next(200));
            TimeSpan late = really + Milliseconds(random.Next(500));
            told = late > told ? late : told;

            TimeSpan happened = clock.Happened(TimeSpan.FromDays(3) + (really * (1 + 30e-6)), told);

            Assert.InRange(happened, last, told);
            last = happened;
        }
    }

    [Fact]
    public void Clocks_that_drift_apart_are_a_minutes_drift_apart_at_most()
    {
        EdgeClock clock = new();
        TimeSpan now = TimeSpan.Zero;
        for (int second = 0; second < 100_000; second++)
        {
            now = TimeSpan.FromSeconds(second);
            TimeSpan slow = now * (1 - 100e-6);

            Assert.InRange((now - clock.Happened(slow, now)).TotalSeconds, 0, 0.013);
        }
    }

    private static TimeSpan Milliseconds(double count) => TimeSpan.FromMilliseconds(count);
}
