using Node.Host.Automation;

namespace Node.Host.Tests.Automation;

public sealed class ThresholdWatchTests
{
    private static readonly Threshold Hot = new("hot", "temperature", IsAbove: true, 30) { Hysteresis = 2 };

    [Fact]
    public void It_is_raised_past_the_limit_and_cleared_behind_the_hysteresis()
    {
        bool[] raised = Run(Hot, 29, 30, 30.1, 29, 28.1, 28, 30, 31);

        Assert.Equal([false, false, true, true, true, false, false, true], raised);
    }

    [Fact]
    public void Below_is_its_mirror()
    {
        bool[] raised = Run(new Threshold("cold", "temperature", IsAbove: false, 5) { Hysteresis = 1 }, 6, 5, 4.9, 5.9, 6, 4);

        Assert.Equal([false, false, true, true, false, true], raised);
    }

    [Theory]
    [InlineData(31.203485679, 2, 31.2)]
    [InlineData(30.00004321, 2, 30.00004)] // 30.00 would not be past the limit, and so on.
    [InlineData(29.996, 2, 30)] // At the limit is not past it, and not back either.
    [InlineData(28.0000000000000036, 2, 28.0000000000000036)]
    [InlineData(31.5, 0, 32)]
    public void What_people_are_told_has_the_quantitys_digits_and_lies_on_the_same_side_of_the_limit(double value, int decimals, double shown)
    {
        Assert.Equal(shown, Hot.Shown(value, decimals));
        Assert.Equal((Hot.IsPast(value), Hot.IsBack(value)), (Hot.IsPast(shown), Hot.IsBack(shown)));
    }

    [Fact]
    public void A_hold_time_must_pass_without_a_break()
    {
        Threshold held = Hot with { HoldTime = TimeSpan.FromSeconds(10) };

        Assert.Equal([false, false, true], Run(held, 31, 31, 31)); // Five seconds apart.
        Assert.Equal([false, false, false, false, true], Run(held, 31, 30, 31, 31, 31));
    }

    [Fact]
    public void A_latched_alarm_is_cleared_by_hand_only_and_only_when_the_value_is_back()
    {
        var watch = new ThresholdWatch(Hot with { Latch = true });
        watch.Judge(31, TimeSpan.Zero);
        watch.Judge(29, TimeSpan.FromSeconds(1));
        bool early = watch.TryClear();
        watch.Judge(20, TimeSpan.FromSeconds(2));
        bool stays = watch.IsRaised;
        bool cleared = watch.TryClear();

        Assert.Equal((false, true, true, false), (early, stays, cleared, watch.IsRaised));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8)]
    public void No_course_of_values_makes_it_flap_inside_the_hysteresis_and_every_crossing_is_told_once(int seed)
    {
        var random = new Random(seed);
        Threshold threshold = new("t", "temperature", random.Next(2) == 0, 30)
        {
            Hysteresis = random.NextDouble() * 4,
            HoldTime = TimeSpan.FromSeconds(random.Next(3) * 5),
        };
        var watch = new ThresholdWatch(threshold);
        double value = 30;
        TimeSpan now = default;
        TimeSpan? pastSince = null;
        bool expected = false;
        for (int i = 0; i < 20_000; i++, now += TimeSpan.FromSeconds(random.Next(1, 8)))
        {
            value = Math.Clamp(value + ((random.NextDouble() - 0.5) * 3), 20, 40);
            bool past = threshold.IsAbove ? value > 30 : value < 30;
            bool back = threshold.IsAbove ? value <= 30 - threshold.Hysteresis : value >= 30 + threshold.Hysteresis;
            pastSince = past ? pastSince ?? now : null;
            bool next = expected ? !back : past && now - pastSince >= threshold.HoldTime;

            bool told = watch.Judge(value, now);

            Assert.Equal((next != expected, next), (told, watch.IsRaised));
            Assert.False(told && !past && !back, "it flapped inside the hysteresis");
            pastSince = expected && !next ? null : pastSince;
            expected = next;
        }
    }

    private static bool[] Run(Threshold threshold, params double[] values)
    {
        var watch = new ThresholdWatch(threshold);
        return [.. values.Select((value, index) =>
        {
            watch.Judge(value, TimeSpan.FromSeconds(5 * index));
            return watch.IsRaised;
        })];
    }
}
