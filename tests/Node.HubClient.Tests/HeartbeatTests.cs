using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests;

/// <summary>A link that died without a word is noticed, whatever was under way when it died.</summary>
public sealed class HeartbeatTests
{
    [Fact]
    public void A_link_that_dies_in_the_turn_of_a_ping_is_noticed_although_something_arrived_in_that_turn()
    {
        using var rig = new ClientRig(keepAliveSeconds: 60);
        rig.Connect();
        rig.Clock.Advance(TimeSpan.FromSeconds(60));
        rig.Hub.Arrive("$iothub/methods/POST/m/?$rid=1", "{}");
        rig.Client.DoWork();
        Assert.Equal(1, rig.Hub.Pings);

        TimeSpan noticed = SilenceUntilNoticed(rig);

        Assert.Equal(TimeSpan.FromSeconds(30), noticed);
    }

    [Fact]
    public void A_link_that_dies_after_something_followed_the_ping_is_noticed_by_the_next_ping()
    {
        using var rig = new ClientRig(keepAliveSeconds: 60);
        rig.Connect();
        rig.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(1, rig.Hub.Pings);
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        rig.Hub.Arrive("$iothub/methods/POST/m/?$rid=1", "{}"); // It was under way; the answer to the ping never comes.
        rig.Client.DoWork();

        TimeSpan noticed = SilenceUntilNoticed(rig);

        Assert.Equal(2, rig.Hub.Pings);
        Assert.InRange(noticed.TotalSeconds, 30, 60 + 30 + 1);
    }

    [Fact]
    public void The_status_never_asks_for_the_next_turn_at_once_while_a_ping_is_unanswered()
    {
        using var rig = new ClientRig(keepAliveSeconds: 60);
        rig.Connect();
        rig.Clock.Advance(TimeSpan.FromSeconds(60));
        rig.Hub.Arrive("$iothub/methods/POST/m/?$rid=1", "{}");
        rig.Client.DoWork();

        WorkStatus status = rig.Advance(TimeSpan.FromSeconds(29));

        Assert.Equal(TimeSpan.FromSeconds(1), status.NextDue);
    }

    private static TimeSpan SilenceUntilNoticed(ClientRig rig)
    {
        TimeSpan waited = TimeSpan.Zero;
        while (rig.Statuses[^1].Status is ConnectionStatus.Authenticated && waited < TimeSpan.FromHours(1))
        {
            rig.Advance(TimeSpan.FromSeconds(1));
            waited += TimeSpan.FromSeconds(1);
        }

        Assert.Contains(rig.Statuses, change => change.Reason is ConnectionStatusReason.NoPingResponse);
        return waited;
    }
}
