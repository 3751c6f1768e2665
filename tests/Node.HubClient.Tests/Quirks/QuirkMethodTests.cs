using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests.Quirks;

/// <summary>Quirks of the reference around direct methods.</summary>
public sealed class QuirkMethodTests
{
    [Fact]
    public void Q03_an_answer_without_a_body_is_sent_with_an_empty_json_value()
    {
        using var rig = new ClientRig();
        rig.Client.SetDeviceMethodCallback((call, _) => new MethodResponse(call.Name == "ok" ? 200 : -7, default));
        rig.Connect();

        rig.Call("ok", "1");
        rig.Call("other", "2");

        Assert.Equal(
            [("$iothub/methods/res/200/?$rid=1", "null"), ("$iothub/methods/res/-7/?$rid=2", "null")],
            rig.Hub.Published.Select(sent => (sent.Topic, sent.Payload)));
    }

    [Fact]
    public void Q04_a_call_that_nobody_handles_is_answered_with_501()
    {
        using var rig = new ClientRig();
        rig.Connect();
        rig.Call("early", "1"); // A kept subscription of the hub brings it although nothing is registered yet.
        rig.Client.SetDeviceMethodCallbackEx((_, _) => { });
        rig.Client.SetDeviceMethodCallbackEx(null);
        rig.Call("late", "2");

        Assert.Equal(
            ["$iothub/methods/res/501/?$rid=1", "$iothub/methods/res/501/?$rid=2"],
            rig.Hub.Published.Select(sent => sent.Topic));
    }
}
