using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests;

public sealed class RetryTests
{
    [Fact]
    public void The_limit_ends_retrying_once_and_a_new_policy_revives()
    {
        using var rig = new ClientRig();
        rig.Client.SetRetryPolicy(RetryPolicy.ExponentialBackoff, TimeSpan.FromSeconds(10));
        double[] attempts = FailFor(rig, TimeSpan.FromSeconds(60));

        Assert.Equal(5, attempts.Length); // the first connect, then 0, 1, 3 and 7 s
        Assert.Equal(1, rig.Statuses.Count(change => change.Reason is ConnectionStatusReason.RetryExpired));
        rig.Client.SetRetryPolicy(RetryPolicy.ExponentialBackoff, TimeSpan.Zero);
        rig.Client.DoWork();

        Assert.Equal(6, rig.Hub.Opened.Count);
    }

    [Fact]
    public void No_retry_says_so_at_the_first_loss_and_keeps_what_is_queued()
    {
        using var rig = new ClientRig();
        rig.Client.SetRetryPolicy(RetryPolicy.None, TimeSpan.Zero);
        rig.Connect();
        rig.Send("a");
        rig.Hub.Lose();
        rig.Client.DoWork();
        WorkStatus status = rig.Advance(TimeSpan.FromHours(1));

        Assert.Equal([ConnectionStatusReason.Ok, ConnectionStatusReason.NoNetwork, ConnectionStatusReason.RetryExpired], rig.Statuses.Select(change => change.Reason));
        Assert.Single(rig.Hub.Opened);
        Assert.Equal(Timeout.InfiniteTimeSpan, status.NextDue);
        Assert.Empty(rig.Confirmations);
    }

    [Fact]
    public void Renewal_is_no_retry()
    {
        using var rig = new ClientRig(tokenLifetime: TimeSpan.FromSeconds(100));
        rig.Client.SetRetryPolicy(RetryPolicy.None, TimeSpan.Zero);
        rig.Connect();

        rig.Advance(TimeSpan.FromSeconds(80));
        rig.Client.DoWork();

        Assert.Equal(2, rig.Hub.Opened.Count);
    }

    [Fact]
    public void The_policy_set_is_the_policy_read()
    {
        using var rig = new ClientRig();
        rig.Client.GetRetryPolicy(out RetryPolicy first, out TimeSpan firstLimit);
        rig.Client.SetRetryPolicy(RetryPolicy.LinearBackoff, TimeSpan.FromSeconds(7));
        rig.Client.GetRetryPolicy(out RetryPolicy second, out TimeSpan secondLimit);

        Assert.Equal((RetryPolicy.ExponentialBackoffWithJitter, TimeSpan.Zero), (first, firstLimit));
        Assert.Equal((RetryPolicy.LinearBackoff, TimeSpan.FromSeconds(7)), (second, secondLimit));
        Assert.Throws<ArgumentOutOfRangeException>(() => rig.Client.SetRetryPolicy((RetryPolicy)99, TimeSpan.Zero));
    }

    [Fact]
    public void A_new_policy_ends_the_present_wait()
    {
        using var rig = new ClientRig();
        rig.Client.DoWork();
        rig.Hub.Refuse(5);
        rig.Client.DoWork();
        Assert.InRange(rig.Statuses[^1].RetryIn!.Value.TotalSeconds, 9, 11);

        rig.Client.SetRetryPolicy(RetryPolicy.Interval, TimeSpan.Zero);
        rig.Client.DoWork();

        Assert.Equal(2, rig.Hub.Opened.Count);
    }

    [Fact]
    public void Giving_up_retries_while_one_is_waited_for_says_so_in_the_next_turn()
    {
        using var rig = new ClientRig();
        rig.Connect();
        rig.Hub.Lose();
        rig.Client.DoWork();
        rig.Client.DoWork();
        rig.Hub.Lose();
        rig.Client.DoWork();
        int opened = rig.Hub.Opened.Count;

        rig.Client.SetRetryPolicy(RetryPolicy.None, TimeSpan.Zero);
        rig.Client.DoWork();
        rig.Advance(TimeSpan.FromHours(1));

        Assert.Equal(opened, rig.Hub.Opened.Count);
        Assert.Equal(ConnectionStatusReason.RetryExpired, rig.Statuses[^1].Reason);
        Assert.Single(rig.Statuses, change => change.Reason is ConnectionStatusReason.RetryExpired);
    }

    [Fact]
    public void A_long_interval_and_many_failures_tear_no_turn()
    {
        using var rig = new ClientRig();
        rig.Client.SetOption("retry_interval_sec", 3_600);
        rig.Client.SetOption("retry_max_delay_secs", 1);
        rig.Client.SetRetryPolicy(RetryPolicy.ExponentialBackoff, TimeSpan.Zero);

        double[] attempts = FailFor(rig, TimeSpan.FromSeconds(60));

        Assert.InRange(attempts.Length, 55, 62);
    }

    private static double[] FailFor(ClientRig rig, TimeSpan time)
    {
        var attempts = new List<double>();
        DateTimeOffset start = rig.Clock.GetUtcNow();
        for (int turn = 0; turn < time.TotalMilliseconds / 100; turn++)
        {
            rig.Client.DoWork();
            if (rig.Hub.Opened.Count > attempts.Count)
            {
                attempts.Add((rig.Clock.GetUtcNow() - start).TotalSeconds);
                rig.Hub.Lose();
                rig.Client.DoWork();
            }

            rig.Clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        return [.. attempts];
    }
}
