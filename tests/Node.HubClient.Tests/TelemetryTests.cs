using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests;

public sealed class TelemetryTests
{
    [Fact]
    public void Nothing_is_published_before_the_hub_has_accepted_and_granted()
    {
        using var rig = new ClientRig();
        rig.Client.SetDeviceTwinCallback((_, _, _) => { });
        rig.Send("a");

        rig.Client.DoWork();
        Assert.Empty(rig.Hub.Published);
        rig.Hub.Accept();
        rig.Client.DoWork();
        Assert.Empty(rig.Hub.Published);
        rig.Hub.Grant();
        rig.Client.DoWork();

        Assert.Contains("a", rig.PublishedPayloads);
    }

    [Fact]
    public void Each_message_is_confirmed_exactly_once_whatever_is_acknowledged_twice()
    {
        using var rig = new ClientRig();
        rig.Send("a");
        rig.Send("b");
        rig.Connect().Client.DoWork();
        ushort first = rig.Hub.Published[0].PacketId;

        rig.Hub.Confirm(first);
        rig.Hub.Confirm(first);
        rig.Hub.Confirm(60_000);
        rig.Hub.Confirm(0);
        rig.Client.DoWork();

        Assert.Equal([("a", SendConfirmation.Ok)], rig.Confirmations);
        Assert.Equal(SendStatus.Busy, rig.SendStatus);
    }

    [Fact]
    public void The_window_bounds_what_is_in_flight_and_acknowledgements_out_of_order_free_it()
    {
        using var rig = new ClientRig(window: 2);
        foreach (string name in (string[])["a", "b", "c", "d"])
        {
            rig.Send(name);
        }

        rig.Connect().Client.DoWork();
        Assert.Equal(["a", "b"], rig.PublishedPayloads);
        rig.Hub.Confirm(rig.Hub.Published[1].PacketId);
        rig.Client.DoWork();
        Assert.Equal(["a", "b"], rig.PublishedPayloads); // b is settled, a still holds the window's oldest place
        rig.Hub.Confirm(rig.Hub.Published[0].PacketId);
        rig.Client.DoWork();

        Assert.Equal(["a", "b", "c", "d"], rig.PublishedPayloads);
        Assert.Equal([("b", SendConfirmation.Ok), ("a", SendConfirmation.Ok)], rig.Confirmations);
    }

    [Fact]
    public void After_a_reconnect_the_unacknowledged_go_first_in_order_marked_as_repetitions()
    {
        using var rig = new ClientRig(window: 3);
        rig.Send("a");
        rig.Send("b");
        rig.Send("c");
        rig.Send("d");
        rig.Connect().Client.DoWork();
        rig.Hub.Confirm(rig.Hub.Published[1].PacketId);
        rig.Client.DoWork();
        ushort[] ids = [.. rig.Hub.Published.Select(sent => sent.PacketId)];
        rig.Hub.Published.Clear();

        rig.Reconnect();

        Assert.Equal([("a", ids[0], true), ("c", ids[2], true)], rig.Hub.Published.Select(sent => (sent.Payload, sent.PacketId, sent.Duplicate)));
        rig.Hub.Confirm(ids[0]);
        rig.Client.DoWork();
        Assert.Equal(("d", false), (rig.Hub.Published[^1].Payload, rig.Hub.Published[^1].Duplicate));
    }

    [Fact]
    public void An_outage_of_hours_gives_nothing_up()
    {
        using var rig = new ClientRig();
        rig.Send("a");
        rig.Connect().Client.DoWork();
        rig.Hub.Lose();
        rig.Client.DoWork();

        for (int minute = 0; minute < 300; minute++)
        {
            rig.Advance(TimeSpan.FromMinutes(1));
            if (rig.Hub.IsOpen)
            {
                rig.Hub.Lose();
            }
        }

        Assert.Empty(rig.Confirmations);
    }

    [Fact]
    public void A_silent_hub_gets_one_repetition_at_61_s_and_is_given_up_at_120_s()
    {
        using var rig = new ClientRig();
        rig.Send("a");
        rig.Connect().Client.DoWork();

        rig.Advance(TimeSpan.FromSeconds(60.9));
        Assert.Single(rig.Hub.Published);
        rig.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal([false, true], rig.Hub.Published.Select(sent => sent.Duplicate));
        rig.Advance(TimeSpan.FromSeconds(58.9));
        Assert.Empty(rig.Confirmations);
        rig.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal([("a", SendConfirmation.MessageTimeout)], rig.Confirmations);
        Assert.Equal(ConnectionStatusReason.CommunicationError, rig.Statuses[^1].Reason);
        Assert.Equal(2, rig.Hub.Published.Count);
    }

    [Theory, InlineData(30), InlineData(600)]
    public void Another_confirmation_timeout_ends_a_message_then_and_no_sooner(int seconds)
    {
        using var rig = new ClientRig(confirmationTimeout: TimeSpan.FromSeconds(seconds), keepAliveSeconds: 0);
        rig.Send("a");
        rig.Connect().Client.DoWork();

        rig.Advance(TimeSpan.FromSeconds(seconds - 0.1));
        Assert.Empty(rig.Confirmations);
        rig.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal([("a", SendConfirmation.MessageTimeout)], rig.Confirmations);
        Assert.False(rig.Hub.IsOpen);
    }

    [Fact]
    public void Without_a_confirmation_timeout_a_silent_hub_costs_the_connection_and_never_a_message()
    {
        using var rig = new ClientRig(confirmationTimeout: Timeout.InfiniteTimeSpan, keepAliveSeconds: 0);
        rig.Send("a");
        rig.Send("b");
        rig.Connect().Client.DoWork();
        for (int hour = 0; hour < 3_600; hour++)
        {
            rig.Advance(TimeSpan.FromSeconds(1));
            if (rig.Hub.IsOpen && rig.Hub.Opened.Count > rig.Statuses.Count(change => change.Status is ConnectionStatus.Authenticated))
            {
                rig.Hub.Accept();
            }
        }

        Assert.Empty(rig.Confirmations);
        Assert.InRange(rig.Hub.Opened.Count, 20, 31); // every 120 s, and the waits between
        Assert.Equal(["a", "b"], rig.PublishedPayloads.TakeLast(2));
        rig.Hub.Confirm(rig.Hub.Published[^2].PacketId);
        rig.Hub.Confirm(rig.Hub.Published[^1].PacketId);
        rig.Client.DoWork();
        Assert.Equal([("a", SendConfirmation.Ok), ("b", SendConfirmation.Ok)], rig.Confirmations);
    }

    [Fact]
    public void A_full_queue_refuses_and_takes_again_after_a_confirmation()
    {
        using var rig = new ClientRig(maximumMessages: 2);
        Assert.Equal(IotHubClientResult.Ok, rig.Send("a"));
        Assert.Equal(IotHubClientResult.Ok, rig.Send("b"));
        Assert.Equal(IotHubClientResult.QueueFull, rig.Send("c"));

        rig.Connect().Client.DoWork();
        rig.Hub.Confirm(rig.Hub.Published[0].PacketId);
        rig.Client.DoWork();

        Assert.Equal(IotHubClientResult.Ok, rig.Send("d"));
        Assert.Equal(IotHubClientResult.QueueFull, rig.Send("e"));
    }

    [Fact]
    public void The_byte_limit_refuses_too()
    {
        using var rig = new ClientRig(maximumBytes: 200);

        Assert.Equal(IotHubClientResult.Ok, rig.Send(new string('x', 100)));
        Assert.Equal(IotHubClientResult.QueueFull, rig.Send(new string('x', 100)));
    }

    [Theory]
    [InlineData(262_144, 0, IotHubClientResult.Ok)]
    [InlineData(262_145, 0, IotHubClientResult.InvalidSize)]
    [InlineData(262_144, 1, IotHubClientResult.InvalidSize)]
    public void A_message_over_the_service_limit_is_refused_at_once(int bodyBytes, int properties, IotHubClientResult expected)
    {
        using var rig = new ClientRig();
        var message = new TelemetryMessage(new byte[bodyBytes]);
        for (int property = 0; property < properties; property++)
        {
            message.Properties.Add(new("k", "v"));
        }

        Assert.Equal(expected, rig.Client.SendEvent(message));
    }

    [Fact]
    public void A_context_without_a_callback_is_refused()
    {
        using var rig = new ClientRig();

        Assert.Equal(IotHubClientResult.InvalidArg, rig.Client.SendEvent(new TelemetryMessage(default), null, "context"));
    }

    [Fact]
    public void A_message_is_copied_when_it_is_accepted()
    {
        using var rig = new ClientRig();
        byte[] body = "before"u8.ToArray();
        rig.Client.SendEvent(new TelemetryMessage(body));
        "after!"u8.CopyTo(body);

        rig.Connect().Client.DoWork();

        Assert.Equal("before", rig.Hub.Published[0].Payload);
    }

    [Fact]
    public void Nothing_is_published_when_the_transport_is_full_and_everything_when_it_is_free_again()
    {
        using var rig = new ClientRig();
        rig.Connect();
        rig.Hub.FreeBytes = 10;
        rig.Send("a");
        WorkStatus status = rig.Client.DoWork();
        Assert.Empty(rig.Hub.Published);
        Assert.True(status.AwaitingAnswers);

        rig.Hub.FreeBytes = 1_000;
        rig.Client.DoWork();

        Assert.Single(rig.Hub.Published);
    }

    [Fact]
    public void Packet_ids_wrap_and_every_message_is_confirmed()
    {
        using var rig = new ClientRig(window: 1_000, maximumMessages: 5_000);
        rig.Connect();
        int confirmed = 0;
        for (int batch = 0; batch < 70; batch++)
        {
            for (int message = 0; message < 1_000; message++)
            {
                rig.Client.SendEvent(new TelemetryMessage("x"u8.ToArray()), (result, _) => confirmed += result is SendConfirmation.Ok ? 1 : 0);
            }

            rig.Client.DoWork();
            foreach (ScriptedTransport.SentPublish sent in rig.Hub.Published.OrderBy(sent => (sent.PacketId * 7919) % 1009))
            {
                Assert.InRange(sent.PacketId, 1, 0xEFFF);
                rig.Hub.Confirm(sent.PacketId);
            }

            rig.Hub.Published.Clear();
            rig.Client.DoWork();
        }

        Assert.Equal(70_000, confirmed);
        Assert.Equal(SendStatus.Idle, rig.SendStatus);
    }

    [Fact]
    public async Task Any_thread_may_send_while_another_works()
    {
        using var rig = new ClientRig(maximumMessages: 100_000, maximumBytes: 1 << 26);
        rig.Connect();
        int confirmed = 0;
        Task[] senders = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(
            () =>
            {
                for (int message = 0; message < 2_000; message++)
                {
                    Assert.Equal(IotHubClientResult.Ok, rig.Client.SendEvent(new TelemetryMessage("x"u8.ToArray()), (_, _) => confirmed++));
                }
            },
            TestContext.Current.CancellationToken))];

        while (!Task.WhenAll(senders).IsCompleted || rig.SendStatus is SendStatus.Busy)
        {
            rig.Client.DoWork();
            rig.Hub.Published.ForEach(sent => rig.Hub.Confirm(sent.PacketId));
            rig.Hub.Published.Clear();
        }

        await Task.WhenAll(senders);
        Assert.Equal(8_000, confirmed);
    }
}
