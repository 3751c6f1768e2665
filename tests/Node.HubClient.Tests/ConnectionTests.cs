using Node.HubClient.Connection;
using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests;

public sealed class ConnectionTests
{
    [Fact]
    public void Connected_is_announced_only_after_the_last_suback()
    {
        using var rig = new ClientRig();
        rig.Client.SetDeviceTwinCallback((_, _, _) => { });
        rig.Client.SetDeviceMethodCallback((_, _) => new MethodResponse(200, default));

        rig.Client.DoWork();
        rig.Hub.Accept();
        rig.Client.DoWork();
        Assert.Empty(rig.Statuses);
        Assert.Equal(["$iothub/twin/res/#", "$iothub/twin/PATCH/properties/desired/#", "$iothub/methods/POST/#"], Assert.Single(rig.Hub.Subscribed).Filters);
        rig.Hub.Grant();
        rig.Client.DoWork();

        Assert.Equal((ConnectionStatus.Authenticated, ConnectionStatusReason.Ok), (rig.Statuses[0].Status, rig.Statuses[0].Reason));
    }

    [Fact]
    public void A_refused_subscription_is_reported_and_retried()
    {
        using var rig = new ClientRig();
        rig.Client.SetDeviceMethodCallback((_, _) => new MethodResponse(200, default));
        rig.Client.DoWork();
        rig.Hub.Accept();
        rig.Client.DoWork();

        rig.Hub.Grant(0x80);
        rig.Client.DoWork();

        Assert.Equal(ConnectionStatusReason.CommunicationError, rig.Statuses[0].Reason);
        Assert.Contains("$iothub/methods/POST/#", rig.Statuses[0].Detail, StringComparison.Ordinal);
        rig.Client.DoWork();
        Assert.Equal(2, rig.Hub.Opened.Count);
    }

    [Fact]
    public void A_feature_registered_while_connected_is_subscribed_without_disturbing_the_rest()
    {
        using var rig = new ClientRig();
        rig.Connect();
        rig.Send("a");
        rig.Client.SetDeviceMethodCallback((_, _) => new MethodResponse(200, default));

        rig.Client.DoWork();

        Assert.Single(rig.Hub.Subscribed);
        Assert.Equal(["a"], rig.PublishedPayloads);
        Assert.Single(rig.Statuses);
    }

    [Theory]
    [InlineData(1, ConnectionStatusReason.CommunicationError)]
    [InlineData(2, ConnectionStatusReason.BadCredential)]
    [InlineData(3, ConnectionStatusReason.DeviceDisabled)]
    [InlineData(4, ConnectionStatusReason.BadCredential)]
    [InlineData(5, ConnectionStatusReason.BadCredential)]
    [InlineData(77, ConnectionStatusReason.CommunicationError)]
    public void A_refusal_is_told_with_its_raw_code_and_retried_slowly(int code, ConnectionStatusReason reason)
    {
        using var rig = new ClientRig();
        rig.Client.DoWork();
        rig.Hub.Refuse(code);

        rig.Client.DoWork();

        ConnectionStatusChange change = Assert.Single(rig.Statuses);
        Assert.Equal((ConnectionStatus.Unauthenticated, reason, code), (change.Status, change.Reason, change.RawCode));
        Assert.InRange(change.RetryIn!.Value.TotalSeconds, 9, 11);
        rig.Advance(TimeSpan.FromSeconds(8));
        Assert.Single(rig.Hub.Opened);
        rig.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(2, rig.Hub.Opened.Count);
    }

    [Fact]
    public void An_attempt_without_a_connack_ends_after_the_connect_timeout()
    {
        using var rig = new ClientRig();
        rig.Client.DoWork();

        rig.Advance(TimeSpan.FromSeconds(29));
        Assert.Empty(rig.Statuses);
        rig.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(ConnectionStatusReason.NoNetwork, rig.Statuses[0].Reason);
        Assert.Contains("no CONNACK", rig.Statuses[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_attempt_that_gets_on_may_take_longer_than_the_connect_timeout_but_not_for_ever()
    {
        using var rig = new ClientRig();
        rig.Client.DoWork();
        for (int turn = 1; turn < 24; turn++)
        {
            rig.Hub.Progress++;
            rig.Advance(TimeSpan.FromSeconds(5));
            Assert.Empty(rig.Statuses);
        }

        rig.Hub.Progress++;
        rig.Advance(TimeSpan.FromSeconds(5));

        Assert.Contains("no CONNACK", Assert.Single(rig.Statuses).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loop_that_turns_once_a_minute_connects_all_the_same()
    {
        using var rig = new ClientRig();
        rig.Client.DoWork();
        for (int turn = 1; turn < 7; turn++) // Name, TCP, tunnel, TLS, upgrade, CONNACK: a step in each turn.
        {
            rig.Hub.Progress++;
            rig.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Empty(rig.Statuses);
        rig.Hub.Accept();
        rig.Client.DoWork();
        Assert.Equal(ConnectionStatus.Authenticated, rig.Statuses[^1].Status);
    }

    [Fact]
    public void A_hub_that_speaks_before_its_connack_breaks_the_protocol()
    {
        using var rig = new ClientRig();
        int received = 0;
        rig.Client.SetMessageCallback((_, _) =>
        {
            received++;
            return MessageDisposition.Accepted;
        });
        rig.Client.DoWork();

        rig.Hub.Arrive("devices/dev1/messages/devicebound/", "x", 1);
        rig.Client.DoWork();

        Assert.Equal(0, received);
        Assert.Equal(ConnectionStatusReason.CommunicationError, Assert.Single(rig.Statuses).Reason);
    }

    [Fact]
    public void A_feature_registered_by_the_status_callback_is_asked_for_in_the_same_turn()
    {
        using var rig = new ClientRig();
        rig.Client.SetConnectionStatusCallback((change, _) =>
        {
            if (change.Status is ConnectionStatus.Authenticated)
            {
                rig.Client.SetDeviceMethodCallback((_, _) => new MethodResponse(200, default));
            }
        });
        rig.Client.DoWork();
        rig.Hub.Accept();

        WorkStatus status = rig.Client.DoWork();

        Assert.True(status.AwaitingAnswers);
        Assert.Equal(["$iothub/methods/POST/#"], Assert.Single(rig.Hub.Subscribed).Filters);
    }

    [Fact]
    public void Attempts_after_a_loss_come_at_once_then_ever_more_slowly()
    {
        using var rig = new ClientRig();
        var attempts = new List<double>();
        DateTimeOffset start = rig.Clock.GetUtcNow();
        int seen = 0;
        for (int turn = 0; turn < 700; turn++)
        {
            rig.Client.DoWork();
            if (rig.Hub.Opened.Count > seen)
            {
                seen = rig.Hub.Opened.Count;
                attempts.Add((rig.Clock.GetUtcNow() - start).TotalSeconds);
                rig.Hub.Lose();
                rig.Client.DoWork();
            }

            rig.Clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        double[] expected = [0, 0.1, 1, 3, 7, 15, 31, 61];
        Assert.Equal(expected.Length, attempts.Count);
        for (int attempt = 0; attempt < expected.Length; attempt++)
        {
            Assert.InRange(attempts[attempt], expected[attempt] * 0.88, (expected[attempt] * 1.12) + 0.4);
        }
    }

    [Fact]
    public void A_flapping_link_does_not_reset_the_schedule_but_a_stable_one_does()
    {
        using var rig = new ClientRig();
        rig.Connect();
        for (int flap = 0; flap < 5; flap++)
        {
            rig.Reconnect();
        }

        rig.Hub.Lose();
        rig.Client.DoWork();
        Assert.True(rig.Statuses[^1].RetryIn > TimeSpan.FromSeconds(5), $"{rig.Statuses[^1].RetryIn}");
        rig.Advance(TimeSpan.FromSeconds(40));
        rig.Hub.Accept();
        rig.Client.DoWork();
        rig.Advance(TimeSpan.FromSeconds(31));
        rig.Hub.Lose();
        rig.Client.DoWork();

        Assert.Equal(TimeSpan.Zero, rig.Statuses[^1].RetryIn);
    }

    [Fact]
    public void A_ping_goes_out_when_nothing_else_does_and_its_absence_is_noticed()
    {
        using var rig = new ClientRig(keepAliveSeconds: 60);
        rig.Connect();

        rig.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(1, rig.Hub.Pings);
        rig.Hub.Pong();
        rig.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(1, rig.Hub.Pings);
        rig.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, rig.Hub.Pings);
        rig.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(ConnectionStatusReason.NoPingResponse, rig.Statuses[^1].Reason);
    }

    [Fact]
    public void The_token_is_renewed_at_80_percent_with_nothing_in_flight()
    {
        using var rig = new ClientRig(tokenLifetime: TimeSpan.FromMinutes(60), keepAliveSeconds: 0);
        rig.Connect();
        rig.Send("a");
        rig.Client.DoWork();

        rig.Advance(TimeSpan.FromMinutes(48) - TimeSpan.FromSeconds(1));
        rig.Hub.Confirm(rig.Hub.Published[^1].PacketId);
        rig.Client.DoWork();
        Assert.Equal(0, rig.Hub.PoliteCloses);
    }

    [Fact]
    public void Renewal_waits_for_what_is_in_flight_holds_back_the_new_and_repeats_nothing()
    {
        using var rig = new ClientRig(tokenLifetime: TimeSpan.FromSeconds(100));
        rig.Connect();
        rig.Advance(TimeSpan.FromSeconds(79.9));
        rig.Send("a");
        rig.Client.DoWork();
        rig.Send("b");
        rig.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["a"], rig.PublishedPayloads);
        Assert.Equal(0, rig.Hub.PoliteCloses);

        rig.Hub.Confirm(rig.Hub.Published[0].PacketId);
        rig.Client.DoWork();
        Assert.Equal(1, rig.Hub.PoliteCloses);
        Assert.Equal(ConnectionStatusReason.ExpiredSasToken, rig.Statuses[^1].Reason);
        rig.Client.DoWork();
        rig.Hub.Accept();
        rig.Client.DoWork();

        Assert.NotEqual(rig.Hub.Opened[0].Password, rig.Hub.Opened[1].Password);
        Assert.Equal([("a", false), ("b", false)], rig.Hub.Published.Select(sent => (sent.Payload, sent.Duplicate)));
    }

    [Fact]
    public void The_gap_of_a_renewal_is_one_connect_one_connack_and_one_suback()
    {
        using var rig = new ClientRig(tokenLifetime: TimeSpan.FromSeconds(100));
        rig.Client.SetDeviceMethodCallback((_, _) => new MethodResponse(200, default));
        rig.Connect();
        rig.Send("waits");
        rig.Clock.Advance(TimeSpan.FromSeconds(80));

        rig.Client.DoWork();
        Assert.Equal((1, 2), (rig.Hub.PoliteCloses, rig.Hub.Opened.Count)); // closed and opened again in one turn
        rig.Hub.Accept();
        rig.Client.DoWork();
        Assert.Equal(2, rig.Hub.Subscribed.Count);
        Assert.Empty(rig.Hub.Published);
        rig.Hub.Grant();
        rig.Client.DoWork();

        Assert.Equal(["waits"], rig.PublishedPayloads); // in the turn of the SUBACK
        Assert.Equal([ConnectionStatusReason.Ok, ConnectionStatusReason.ExpiredSasToken, ConnectionStatusReason.Ok], rig.Statuses.Select(change => change.Reason));
    }

    [Fact]
    public void No_token_is_signed_with_a_clock_that_is_not_set()
    {
        using var rig = new ClientRig(start: new DateTimeOffset(1999, 12, 31, 0, 0, 0, TimeSpan.Zero).AddYears(2));

        rig.Client.DoWork();
        rig.Advance(TimeSpan.FromSeconds(30));
        Assert.Empty(rig.Hub.Opened);
        Assert.Contains("clock", Assert.Single(rig.Statuses).Detail, StringComparison.Ordinal);
        rig.Clock.SetUtcNow(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        rig.Client.DoWork();

        Assert.Single(rig.Hub.Opened);
    }

    [Fact]
    public void The_status_says_when_the_next_turn_pays()
    {
        using var rig = new ClientRig(keepAliveSeconds: 60);
        Assert.True(rig.Client.DoWork().AwaitingAnswers);
        rig.Hub.Accept();

        WorkStatus idle = rig.Client.DoWork();

        Assert.True(idle.IsIdle);
        Assert.Equal(TimeSpan.FromSeconds(60), idle.NextDue);
    }

    [Fact]
    public void DoWork_within_DoWork_is_refused_and_changes_nothing()
    {
        using var rig = new ClientRig();
        Exception? thrown = null;
        rig.Client.SetConnectionStatusCallback((_, _) => thrown = Record.Exception(() => rig.Client.DoWork()));
        rig.Client.DoWork();
        rig.Hub.Accept();
        rig.Client.DoWork();

        Assert.Contains("single-entry", Assert.IsType<InvalidOperationException>(thrown).Message, StringComparison.Ordinal);
        rig.Client.DoWork();
    }

    [Fact]
    public void A_callback_that_throws_does_not_tear_the_turn()
    {
        using var rig = new ClientRig();
        rig.Client.SetConnectionStatusCallback((_, _) => throw new InvalidOperationException("from the application"));
        rig.Send("a");
        rig.Client.DoWork();
        rig.Hub.Accept();

        rig.Client.DoWork();

        Assert.Equal(["a"], rig.PublishedPayloads);
    }

    [Fact]
    public void Dispose_completes_everything_in_the_documented_order()
    {
        var rig = new ClientRig(window: 1);
        var ended = new List<string>();
        rig.Connect();
        rig.Client.SendReportedState("{\"sent\":1}"u8, (status, _) => ended.Add($"sent {status}"));
        rig.Client.DoWork();
        rig.Hub.Grant();
        rig.Client.DoWork();
        rig.Client.SendEvent(new TelemetryMessage(default), (result, _) => ended.Add($"flying {result}"));
        rig.Client.DoWork();
        rig.Client.SendEvent(new TelemetryMessage(default), (result, _) => ended.Add($"waiting {result}"));
        rig.Client.SendReportedState("{\"unsent\":1}"u8, (status, _) => ended.Add($"unsent {status}"));

        rig.Client.Dispose();
        rig.Client.Dispose();

        Assert.Equal(["flying BecauseDestroy", "sent 408", "waiting BecauseDestroy", "unsent 0"], ended);
        Assert.Equal(1, rig.Hub.PoliteCloses);
        Assert.Equal(IotHubClientResult.Error, rig.Send("late"));
        Assert.Throws<ObjectDisposedException>(() => rig.Client.DoWork());
    }

    [Fact]
    public void Dispose_from_a_callback_takes_effect_within_that_turn()
    {
        using var rig = new ClientRig();
        rig.Send("a");
        rig.Send("b");
        rig.Client.SetConnectionStatusCallback((_, _) => rig.Client.Dispose());
        rig.Client.DoWork();
        rig.Hub.Accept();

        rig.Client.DoWork();

        Assert.Equal([("a", SendConfirmation.BecauseDestroy), ("b", SendConfirmation.BecauseDestroy)], rig.Confirmations);
        Assert.Throws<ObjectDisposedException>(() => rig.Client.DoWork());
    }

    [Fact]
    public void A_broken_protocol_is_told_apart_from_a_lost_network()
    {
        using var rig = new ClientRig();
        rig.Connect();
        rig.Hub.Lose(LossCause.Protocol);

        rig.Client.DoWork();

        Assert.Equal(ConnectionStatusReason.CommunicationError, rig.Statuses[^1].Reason);
    }
}
