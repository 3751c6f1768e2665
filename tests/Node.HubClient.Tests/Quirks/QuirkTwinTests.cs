using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests.Quirks;

/// <summary>Quirks of the reference around the device twin.</summary>
public sealed class QuirkTwinTests
{
    [Fact]
    public void Q06_a_reported_patch_that_cannot_be_published_stays_queued()
    {
        using var rig = new ClientRig();
        var statuses = new List<int>();
        rig.KeepTwin();
        rig.Connect();
        rig.Hub.FreeBytes = 0; // What a full or dead link has to offer.
        rig.Client.SendReportedState("""{"a":1}"""u8, (status, _) => statuses.Add(status));
        rig.Client.SendReportedState("""{"a":2}"""u8, (status, _) => statuses.Add(status));
        rig.Client.DoWork();
        Assert.Empty(rig.ReportedPatches());

        rig.Hub.FreeBytes = 1 << 20;
        rig.Reconnect();
        Assert.Equal(["""{"a":1}""", """{"a":2}"""], rig.ReportedPatches());
        rig.AnswerReported(0, 204);
        rig.AnswerReported(1, 204);

        Assert.Equal([204, 204], statuses);
    }

    [Fact]
    public void Q06_a_reported_patch_in_flight_at_a_loss_ends_once_and_with_the_hubs_status()
    {
        using var rig = new ClientRig();
        var statuses = new List<int>();
        rig.KeepTwin();
        rig.Connect();
        rig.Client.SendReportedState("{}"u8, (status, _) => statuses.Add(status));
        rig.Client.DoWork();

        rig.Reconnect();
        Assert.Empty(statuses);
        rig.AnswerReported(1, 200);
        rig.AnswerReported(0, 204); // The answer of the earlier connection, should it still come.

        Assert.Equal([200], statuses);
    }

    [Theory, InlineData(400), InlineData(404), InlineData(429), InlineData(500), InlineData(503)]
    public void Q11_an_error_is_never_handed_on_as_a_twin_and_the_get_is_repeated(int status)
    {
        using var rig = new ClientRig();
        List<(TwinUpdateState State, string Json)> updates = rig.KeepTwin();
        rig.Connect();

        rig.AnswerGet(status, HubSide.Twin(7)); // Even a body that looks like a twin is none under an error status.
        Assert.Empty(updates);
        Assert.Equal(1, rig.TwinGets());
        rig.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, rig.TwinGets());
        rig.AnswerGet(200, HubSide.Twin(8));

        Assert.Equal([(TwinUpdateState.Complete, HubSide.Twin(8))], updates);
    }

    [Fact]
    public void Q11_gets_that_keep_failing_are_spaced_out()
    {
        using var rig = new ClientRig();
        rig.KeepTwin();
        rig.Connect();
        int second = 0;
        var at = new List<int>();
        for (int seen = 1; second < 200; second++)
        {
            if (rig.TwinGets() > seen)
            {
                seen = rig.TwinGets();
                at.Add(second);
            }

            rig.AnswerGet(429, "");
            rig.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([1, 3, 7, 15, 31, 63, 123, 183], at);
    }

    [Fact]
    public void Q12_a_get_without_an_answer_is_repeated_until_one_comes()
    {
        using var rig = new ClientRig(keepAliveSeconds: 0);
        List<(TwinUpdateState State, string Json)> updates = rig.KeepTwin();
        rig.Connect();
        for (int minutes = 0; minutes < 5; minutes++)
        {
            rig.Advance(TimeSpan.FromSeconds(60));
            rig.Advance(TimeSpan.FromSeconds(60));
        }

        Assert.Equal(6, rig.TwinGets());
        rig.AnswerGet(200, HubSide.Twin(2));

        Assert.Equal([(TwinUpdateState.Complete, HubSide.Twin(2))], updates);
        Assert.Single(rig.Hub.Opened);
    }

    [Fact]
    public void Q13_both_filters_are_granted_before_the_get_and_a_change_in_between_is_not_lost()
    {
        using var rig = new ClientRig();
        List<(TwinUpdateState State, string Json)> updates = rig.KeepTwin();
        rig.Client.DoWork();
        rig.Hub.Accept();
        rig.Client.DoWork();
        Assert.Equal(["$iothub/twin/res/#", "$iothub/twin/PATCH/properties/desired/#"], Assert.Single(rig.Hub.Subscribed).Filters);
        Assert.Equal(0, rig.TwinGets());

        rig.Grant();
        Assert.Equal(1, rig.TwinGets());
        rig.Push(5); // The change overtakes the answer, which was made before it.
        rig.AnswerGet(200, HubSide.Twin(4));
        rig.AnswerGet(200, HubSide.Twin(5));
        rig.Push(6);

        Assert.Equal([HubSide.Twin(4), HubSide.Twin(5), """{"n":6,"$version":6}"""], updates.Select(update => update.Json));
    }

    [Fact]
    public void Q14_each_registration_of_the_twin_callback_brings_the_whole_twin()
    {
        using var rig = new ClientRig();
        List<(TwinUpdateState State, string Json)> first = rig.KeepTwin();
        rig.Connect();
        rig.AnswerGet(200, HubSide.Twin(1));

        List<(TwinUpdateState State, string Json)> replaced = rig.KeepTwin();
        rig.Client.DoWork();
        rig.AnswerGet(200, HubSide.Twin(1));
        rig.Client.SetDeviceTwinCallback(null);
        rig.Client.DoWork();
        rig.Push(2); // Pushed before the hub has seen the UNSUBSCRIBE: nobody is told.
        List<(TwinUpdateState State, string Json)> again = rig.KeepTwin();
        rig.Client.DoWork();
        rig.Grant();
        rig.AnswerGet(200, HubSide.Twin(2));
        rig.Push(3);

        Assert.Equal([HubSide.Twin(1)], first.Select(update => update.Json));
        Assert.Equal([HubSide.Twin(1)], replaced.Select(update => update.Json));
        Assert.Equal([TwinUpdateState.Complete, TwinUpdateState.Partial], again.Select(update => update.State));
    }

    [Fact]
    public void Q37_nothing_about_the_twin_is_sent_before_the_suback_of_this_connection()
    {
        using var rig = new ClientRig();
        rig.KeepTwin();
        rig.Connect();
        rig.AnswerGet(200, HubSide.Twin(1));
        rig.Client.SendReportedState("{}"u8);
        rig.Client.DoWork();
        rig.Hub.Lose();
        rig.Client.DoWork();
        rig.Hub.Published.Clear();

        rig.WaitForAttempt();
        rig.Hub.Accept();
        rig.Client.DoWork();
        rig.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty(rig.Hub.Published);
        rig.Grant();

        Assert.Equal(1, rig.TwinGets());
        Assert.Equal(["{}"], rig.ReportedPatches());
    }

    [Fact]
    public void Q37_a_suback_of_an_earlier_connection_opens_the_way_for_no_report()
    {
        using var rig = new ClientRig();
        rig.Client.SendReportedState("""{"a":1}"""u8);
        rig.Connect();
        rig.AnswerReported(0, 204);
        rig.Reconnect(); // Nothing is wanted now, so that nothing is subscribed.
        rig.Client.SendReportedState("""{"a":2}"""u8);
        rig.Client.DoWork();
        rig.Client.DoWork();
        Assert.Equal(["""{"a":1}"""], rig.ReportedPatches());
        Assert.Equal(2, rig.Hub.Subscribed.Count);

        rig.Grant();

        Assert.Equal(["""{"a":1}""", """{"a":2}"""], rig.ReportedPatches());
    }
}
