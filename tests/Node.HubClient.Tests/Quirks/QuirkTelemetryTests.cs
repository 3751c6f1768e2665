using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests.Quirks;

/// <summary>Quirks of the reference around telemetry: what a loss, a reconnect and a late registration do to it.</summary>
public sealed class QuirkTelemetryTests
{
    [Fact]
    public void Q07_a_socket_that_dies_during_the_drain_fails_nothing_that_waits()
    {
        using var rig = new ClientRig(window: 3);
        rig.Connect();
        string[] names = [.. Enumerable.Range(0, 10).Select(number => $"m{number}")];
        foreach (string name in names)
        {
            rig.Send(name);
        }

        rig.Client.DoWork();
        rig.Hub.FreeBytes = 0; // What a dead link has to offer until its loss is told.
        rig.ConfirmFrom(0);
        rig.Hub.Lose();
        rig.Client.DoWork();
        Assert.Equal(["m0", "m1", "m2"], rig.PublishedPayloads);
        Assert.All(rig.Confirmations, ended => Assert.Equal(SendConfirmation.Ok, ended.Result));

        rig.Hub.FreeBytes = 1 << 20;
        rig.Reconnect();
        for (int acknowledged = 3; acknowledged < names.Length; acknowledged = rig.Confirmations.Count)
        {
            rig.ConfirmFrom(acknowledged);
        }

        Assert.Equal(names, rig.PublishedPayloads);
        Assert.Equal(names.Select(name => (name, SendConfirmation.Ok)), rig.Confirmations);
    }

    [Fact]
    public async Task Q07_a_link_cut_in_mid_burst_ends_no_message_with_an_error()
    {
        await using var hub = new LoopbackHub("hub.localhost");
        using IotHubClientLL client = LoopbackClient.Create(hub, new HubClientOptions { InFlightWindow = 10 });
        var ended = new Dictionary<SendConfirmation, int>();
        for (int message = 0; message < 2_000; message++)
        {
            client.SendEvent(new TelemetryMessage(new byte[100]), (result, _) => ended[result] = ended.GetValueOrDefault(result) + 1);
        }

        LoopbackClient.Work(client, () => hub.Received >= 200);
        hub.Cut();
        LoopbackClient.Work(client, () => ended.Values.Sum() == 2_000);

        Assert.Equal(new Dictionary<SendConfirmation, int> { [SendConfirmation.Ok] = 2_000 }, ended);
    }

    [Fact]
    public void Q08_age_in_flight_counts_only_while_connected_and_never_ends_a_newer_connection()
    {
        using var rig = new ClientRig();
        rig.Send("old");
        rig.Connect();
        rig.Advance(TimeSpan.FromSeconds(119));
        rig.Hub.Lose();
        rig.Client.DoWork();
        int told = rig.Statuses.Count;

        rig.Advance(TimeSpan.FromHours(1)); // The attempt that came at once ends without a CONNACK.
        Assert.Empty(rig.Confirmations);
        rig.WaitForAttempt();
        rig.Hub.Accept();
        rig.Client.DoWork();
        rig.Advance(TimeSpan.FromSeconds(119));
        Assert.Empty(rig.Confirmations);
        Assert.True(rig.Hub.IsOpen);
        rig.ConfirmFrom(0);

        Assert.Equal([("old", SendConfirmation.Ok)], rig.Confirmations);
        Assert.DoesNotContain(rig.Statuses.Skip(told), change => change.Reason is ConnectionStatusReason.CommunicationError);
    }

    [Fact]
    public void Q08_a_silent_connection_is_given_up_with_one_status_however_many_messages_it_owes()
    {
        using var rig = new ClientRig();
        for (int message = 0; message < 20; message++)
        {
            rig.Send($"{message}");
        }

        rig.Connect();
        rig.Advance(TimeSpan.FromSeconds(120));

        Assert.Equal(20, rig.Confirmations.Count(ended => ended.Result is SendConfirmation.MessageTimeout));
        Assert.Single(rig.Statuses, change => change.Reason is ConnectionStatusReason.CommunicationError);
    }

    [Fact]
    public void Q09_after_a_reconnect_what_is_in_flight_goes_first()
    {
        using var rig = new ClientRig(window: 5);
        foreach (string name in (string[])["a", "b", "c"])
        {
            rig.Send(name);
        }

        rig.Connect();
        ushort[] ids = [.. rig.Hub.Published.Select(sent => sent.PacketId)];
        rig.Hub.Lose();
        rig.Send("new");
        rig.Client.DoWork();
        rig.Hub.Published.Clear();
        rig.WaitForAttempt();
        rig.Hub.Accept();
        rig.Client.DoWork(); // The turn of the CONNACK: at once, no credit of seconds to wait for.

        Assert.Equal(
            [("a", ids[0], true), ("b", ids[1], true), ("c", ids[2], true), ("new", rig.Hub.Published[^1].PacketId, false)],
            rig.Hub.Published.Select(sent => (sent.Payload, sent.PacketId, sent.Duplicate)));
    }

    [Fact]
    public void Q10_registering_while_connected_moves_no_resend_clock_and_holds_nothing_back()
    {
        using var rig = new ClientRig();
        rig.Send("first");
        rig.Connect();
        rig.Advance(TimeSpan.FromSeconds(50));
        rig.Client.SetDeviceMethodCallback((_, _) => new MethodResponse(200, default));
        rig.Client.SetMessageCallback((_, _) => MessageDisposition.Accepted);
        rig.Send("second");
        rig.Client.DoWork();
        Assert.Equal(["first", "second"], rig.PublishedPayloads); // in the turn of the SUBSCRIBE, its SUBACK still due
        rig.Advance(TimeSpan.FromSeconds(10.9));
        rig.Grant();
        Assert.Equal(2, rig.Hub.Published.Count);

        rig.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(("first", true), (rig.Hub.Published[^1].Payload, rig.Hub.Published[^1].Duplicate));
        Assert.Equal(3, rig.Hub.Published.Count);
    }

    [Fact]
    public void Q10_reporting_before_every_turn_starves_neither_reports_nor_telemetry()
    {
        using var rig = new ClientRig();
        rig.KeepTwin();
        rig.Connect();
        int answered = 0;
        for (int turn = 0; turn < 50; turn++)
        {
            rig.Client.SendReportedState("{}"u8, (status, _) => answered += status == 204 ? 1 : 0);
            rig.Send($"{turn}");
            rig.Client.DoWork();
            Assert.Equal(turn + 1, rig.ReportedPatches().Length);
            rig.AnswerReported(turn, 204);
        }

        Assert.Equal(50, answered);
        Assert.Equal(50, rig.Hub.Published.Count(sent => sent.PacketId != 0));
    }
}
