using Node.HubClient.Tests.Quirks;
using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests;

/// <summary>What a connection still owes the hub leaves before the client closes it, and nothing else runs after that.</summary>
public sealed class FarewellTests
{
    [Fact]
    public void A_message_accepted_by_a_callback_that_disposes_is_acknowledged_and_does_not_come_again()
    {
        using var rig = new ClientRig();
        rig.Client.SetMessageCallback((_, _) =>
        {
            rig.Client.Dispose();
            return MessageDisposition.Accepted;
        });
        rig.Connect();

        rig.Hub.Arrive(HubSide.DevicePrefix, "shut down", packetId: 7);
        rig.Client.DoWork();

        Assert.Equal([7], rig.Hub.Acknowledged);
        Assert.Equal(1, rig.Hub.PoliteCloses);
    }

    [Fact]
    public void A_method_whose_handler_disposes_is_answered()
    {
        using var rig = new ClientRig();
        rig.Client.SetDeviceMethodCallback((_, _) =>
        {
            rig.Client.Dispose();
            return new MethodResponse(202, default);
        });
        rig.Connect();

        rig.Call("restart", "1");

        Assert.Contains(rig.Hub.Published, sent => sent.Topic == "$iothub/methods/res/202/?$rid=1");
    }

    [Fact]
    public void An_answer_given_between_the_last_turn_and_dispose_leaves()
    {
        using var rig = new ClientRig();
        MethodRequest? call = null;
        rig.Client.SetDeviceMethodCallbackEx((request, _) => call = request);
        rig.Connect();
        rig.Call("restart", "1");
        rig.Client.DeviceMethodResponse(call!, new MethodResponse(200, default));

        rig.Client.Dispose();

        Assert.Contains(rig.Hub.Published, sent => sent.Topic == "$iothub/methods/res/200/?$rid=1");
    }

    [Fact]
    public void A_message_accepted_in_the_turn_of_a_renewal_is_acknowledged_before_the_connection_closes()
    {
        using var rig = new ClientRig(tokenLifetime: TimeSpan.FromSeconds(100));
        rig.Client.SetMessageCallback((_, _) => MessageDisposition.Accepted);
        rig.Connect();
        rig.Clock.Advance(TimeSpan.FromSeconds(80));

        rig.Hub.Arrive(HubSide.DevicePrefix, "1", packetId: 7);
        rig.Client.DoWork();

        Assert.Equal(2, rig.Hub.Opened.Count);
        Assert.Equal([7], rig.Hub.Acknowledged);
    }

    [Fact]
    public void A_renewal_waits_for_a_reported_patch_under_way_and_holds_back_the_next_one()
    {
        using var rig = new ClientRig(tokenLifetime: TimeSpan.FromSeconds(100));
        var statuses = new List<int>();
        rig.Client.SetDeviceTwinCallback((_, _, _) => { });
        rig.Connect();
        rig.AnswerGet(200, HubSide.Twin(1));
        rig.Client.SendReportedState("1"u8, (status, _) => statuses.Add(status));
        rig.Client.DoWork();

        rig.Advance(TimeSpan.FromSeconds(80));
        rig.Client.SendReportedState("2"u8, (status, _) => statuses.Add(status));
        rig.Client.DoWork();
        Assert.Single(rig.Hub.Opened);
        rig.AnswerReported(0, 204);

        Assert.Equal(2, rig.Hub.Opened.Count);
        Assert.Equal(["1"], rig.ReportedPatches());
        Assert.Equal([204], statuses);
    }

    [Fact]
    public void No_status_follows_a_dispose_from_a_callback_of_the_same_turn()
    {
        using var rig = new ClientRig();
        rig.Connect();
        rig.Client.SendEvent(new TelemetryMessage("a"u8.ToArray()), (_, _) => rig.Client.Dispose());
        rig.Client.DoWork();

        rig.Advance(TimeSpan.FromSeconds(121)); // The confirmation ends as a time-out, which also costs the connection.

        Assert.Single(rig.Statuses);
    }

    [Fact]
    public void No_second_status_follows_a_dispose_from_the_first()
    {
        using var rig = new ClientRig();
        rig.Client.SetRetryPolicy(RetryPolicy.None, TimeSpan.Zero);
        rig.Connect();
        int told = 0;
        rig.Client.SetConnectionStatusCallback((_, _) =>
        {
            told++;
            rig.Client.Dispose();
        });

        rig.Hub.Lose();
        rig.Client.DoWork();

        Assert.Equal(1, told);
    }
}
