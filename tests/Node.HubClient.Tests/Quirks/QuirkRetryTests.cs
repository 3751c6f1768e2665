using Node.HubClient.Connection;
using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests.Quirks;

/// <summary>Quirks of the reference around the retry policy.</summary>
public sealed class QuirkRetryTests
{
    [Fact]
    public void Q21_a_new_policy_keeps_interval_and_maximum_delay()
    {
        using var rig = new ClientRig();
        rig.Client.SetOption("retry_interval_sec", 7);
        rig.Client.SetOption("retry_max_delay_secs", 20);

        rig.Client.SetRetryPolicy(RetryPolicy.LinearBackoff, TimeSpan.Zero);

        Assert.Equal([0, 7, 14, 20, 20], WaitsAfterLosses(rig, 5));
    }

    [Theory]
    [InlineData(RetryPolicy.Interval, 5)]
    [InlineData(RetryPolicy.ExponentialBackoffWithJitter, 27)]
    public void Q22_a_link_that_is_accepted_and_lost_again_does_not_reset_the_schedule(RetryPolicy policy, double lastGapAtLeast)
    {
        using var rig = new ClientRig();
        rig.Client.SetRetryPolicy(policy, TimeSpan.Zero);
        var attempts = new List<double>();
        DateTimeOffset start = rig.Clock.GetUtcNow();
        for (int flap = 0; flap < 12; flap++)
        {
            rig.WaitForAttempt(TimeSpan.FromMilliseconds(100));
            attempts.Add((rig.Clock.GetUtcNow() - start).TotalSeconds);
            rig.Hub.Accept();
            rig.Client.DoWork();
            rig.Clock.Advance(TimeSpan.FromSeconds(3)); // The hub's CONNACK 0 proves nothing: it hangs up three seconds later.
            rig.Hub.Lose();
            rig.Client.DoWork();
        }

        double[] gaps = [.. attempts.Zip(attempts.Skip(1), (earlier, later) => later - earlier)];
        Assert.All(gaps.Skip(1), gap => Assert.True(gap >= 2.9, $"{gap} s"));
        Assert.All(gaps.TakeLast(3), gap => Assert.True(gap >= lastGapAtLeast, $"{gap} s"));
        Assert.Equal(12, rig.Statuses.Count(change => change.Status is ConnectionStatus.Authenticated));
    }

    [Fact]
    public void Q22_thirty_stable_seconds_reset_the_schedule()
    {
        using var rig = new ClientRig();
        rig.Client.SetRetryPolicy(RetryPolicy.LinearBackoff, TimeSpan.Zero);
        Assert.Equal([0, 5, 10], WaitsAfterLosses(rig, 3));

        rig.WaitForAttempt();
        rig.Hub.Accept();
        rig.Client.DoWork();
        rig.Advance(TimeSpan.FromSeconds(30));
        rig.Hub.Lose();
        rig.Client.DoWork();

        Assert.Equal(TimeSpan.Zero, rig.Statuses[^1].RetryIn);
    }

    [Fact]
    public void Q23_jitter_lies_on_both_sides_and_does_not_vanish_in_short_waits()
    {
        double[] nominal = [1, 2, 4, 8, 16, 30, 30];
        double[][] series = [.. Enumerable.Range(0, 400).Select(Series)];

        for (int retry = 0; retry < nominal.Length; retry++)
        {
            double[] ratios = [.. series.Select(waits => waits[retry] / nominal[retry])];
            Assert.All(ratios, ratio => Assert.InRange(ratio, 0.9, 1.1));
            Assert.True(ratios.Min() < 0.92 && ratios.Max() > 1.08, $"retry {retry}: {ratios.Min()} to {ratios.Max()}");
            Assert.True(ratios.Distinct().Count() > 390, $"retry {retry}: {ratios.Distinct().Count()} different waits");
        }
    }

    private static double[] Series(int seed)
    {
        var schedule = new RetrySchedule(new Random(seed));
        schedule.AfterLoss(); // The first retry comes at once.
        return [.. Enumerable.Range(0, 7).Select(_ => schedule.AfterLoss()!.Value.TotalSeconds)];
    }

    private static double[] WaitsAfterLosses(ClientRig rig, int losses)
    {
        var waits = new List<double>();
        for (int loss = 0; loss < losses; loss++)
        {
            rig.WaitForAttempt();
            rig.Hub.Lose();
            rig.Client.SetConnectionStatusCallback((change, _) => waits.Add(change.RetryIn!.Value.TotalSeconds));
            rig.Client.DoWork();
        }

        rig.Client.SetConnectionStatusCallback((change, _) => rig.Statuses.Add(change));
        return [.. waits];
    }
}
