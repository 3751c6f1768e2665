using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests.Fuzz;

/// <summary>Whatever a peer and a caller do in whatever order, a turn throws nothing and each message and patch ends exactly once.</summary>
public sealed class EventFuzzTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8)]
    public void No_order_of_events_and_calls_tears_a_turn_and_everything_ends_once(int seed) => PlayAll(seed, anything: false);

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void Not_even_late_answers_and_repeated_connacks_tear_a_turn(int seed) => PlayAll(seed, anything: true);

    [Fact]
    public void A_late_answer_to_a_patch_that_waits_to_be_sent_again_ends_it()
    {
        using var rig = new ClientRig();
        var statuses = new List<int>();
        rig.Client.SendReportedState("{}"u8, (status, _) => statuses.Add(status));
        rig.Connect();
        string request = rig.Hub.Published[^1].Topic.Split('?')[1];
        rig.Hub.Lose();
        rig.Client.DoWork();
        rig.Hub.Accept();
        rig.Client.DoWork();

        rig.Hub.Arrive($"$iothub/twin/res/204/?{request}", ""); // The hub keeps subscriptions: it may answer before it is asked again.
        rig.Hub.Grant();
        rig.Client.DoWork();

        Assert.Equal([204], statuses);
        Assert.Single(rig.Hub.Published);
    }

    [Theory, InlineData(0), InlineData(5)]
    public void A_second_connack_is_the_end_of_the_connection_and_no_exception(int code)
    {
        using var rig = new ClientRig();
        rig.Connect();
        if (code == 0)
        {
            rig.Hub.Accept();
        }
        else
        {
            rig.Hub.Refuse(code);
        }

        rig.Client.DoWork(); // MQTT 3.1.1 section 3.2: a server sends CONNACK once.

        Assert.Equal(ConnectionStatusReason.CommunicationError, rig.Statuses[^1].Reason);
    }

    private static void PlayAll(int seed, bool anything)
    {
        int confirmed = 0;
        int stored = 0;
        for (int run = 0; run < 500; run++)
        {
            var play = new EventPlay((seed * 1_000) + run, anything);
            Exception? thrown = Record.Exception(play.Run);

            Assert.True(thrown is null, $"seed {seed}, run {run}: {string.Join(", ", play.Done.TakeLast(12))} gave {thrown}");
            confirmed += play.Confirmed;
            stored += play.Stored;
        }

        Assert.True(confirmed > 100 && stored > 100, $"{confirmed} confirmed, {stored} stored: too little came about");
    }
}
