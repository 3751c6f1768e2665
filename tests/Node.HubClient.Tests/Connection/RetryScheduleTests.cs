using Node.HubClient.Connection;

namespace Node.HubClient.Tests.Connection;

public sealed class RetryScheduleTests
{
    [Theory]
    [InlineData("ExponentialBackoff", new double[] { 0, 1, 2, 4, 8, 16, 30, 30 })]
    [InlineData("LinearBackoff", new double[] { 0, 5, 10, 15, 20, 25, 30, 30 })]
    [InlineData("Interval", new double[] { 0, 5, 5, 5 })]
    [InlineData("Immediate", new double[] { 0, 0, 0 })]
    public void Waits_after_a_loss_follow_the_policy(string policy, double[] expected)
    {
        var schedule = new RetrySchedule(new Random(1));
        schedule.Set(Enum.Parse<RetryPolicy>(policy), TimeSpan.Zero);

        Assert.Equal(expected, expected.Select(_ => schedule.AfterLoss()!.Value.TotalSeconds));
    }

    [Fact]
    public void Jitter_lies_on_both_sides_of_the_cap()
    {
        double[] waits = [.. Enumerable.Range(0, 500).Select(seed => LateWait(new Random(seed)))];

        Assert.All(waits, wait => Assert.InRange(wait, 27, 33));
        Assert.True(waits.Min() < 28 && waits.Max() > 32, $"{waits.Min()} to {waits.Max()}");
    }

    [Fact]
    public void A_refused_identity_climbs_to_minutes()
    {
        var schedule = new RetrySchedule(new Random(1));

        TimeSpan[] waits = [.. Enumerable.Range(0, 12).Select(_ => schedule.AfterRefusal()!.Value)];

        Assert.InRange(waits[0].TotalSeconds, 9, 11);
        Assert.InRange(waits[^1].TotalMinutes, 13.5, 16.5);
    }

    [Fact]
    public void No_policy_means_no_retry()
    {
        var schedule = new RetrySchedule(new Random(1));
        schedule.Set(RetryPolicy.None, TimeSpan.Zero);

        Assert.Null(schedule.AfterLoss());
        Assert.Null(schedule.AfterRefusal());
    }

    [Theory]
    [InlineData("ExponentialBackoff")]
    [InlineData("ExponentialBackoffWithJitter")]
    [InlineData("LinearBackoff")]
    [InlineData("Interval")]
    [InlineData("Random")]
    public void No_interval_however_long_overflows(string policy)
    {
        var schedule = new RetrySchedule(new Random(1)) { Interval = TimeSpan.FromSeconds(int.MaxValue), MaximumDelay = TimeSpan.FromSeconds(int.MaxValue) };
        schedule.Set(Enum.Parse<RetryPolicy>(policy), TimeSpan.Zero);

        TimeSpan[] waits = [.. Enumerable.Range(0, 2_000).Select(_ => schedule.AfterLoss()!.Value)];

        Assert.All(waits, wait => Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromSeconds(int.MaxValue) * 1.1));
    }

    private static double LateWait(Random random)
    {
        var schedule = new RetrySchedule(random);
        for (int loss = 0; loss < 9; loss++)
        {
            schedule.AfterLoss();
        }

        return schedule.AfterLoss()!.Value.TotalSeconds;
    }
}
