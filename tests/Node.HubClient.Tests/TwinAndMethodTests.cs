using System.Text;
using Node.HubClient.Tests.Quirks;
using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests;

public sealed class TwinAndMethodTests
{
    private readonly List<(TwinUpdateState State, string Json)> _updates = [];

    [Fact]
    public void The_snapshot_comes_after_the_subscriptions_and_patches_follow_by_version()
    {
        using ClientRig rig = Connected();
        Answer(rig, 200, Twin(3));
        rig.Hub.Arrive("$iothub/twin/PATCH/properties/desired/?$version=3", """{"old":1,"$version":3}""");
        rig.Hub.Arrive("$iothub/twin/PATCH/properties/desired/?$version=4", """{"new":1,"$version":4}""");
        rig.Hub.Arrive("$iothub/twin/PATCH/properties/desired/?$version=4", """{"new":1,"$version":4}""");
        rig.Client.DoWork();

        Assert.Equal([(TwinUpdateState.Complete, Twin(3)), (TwinUpdateState.Partial, """{"new":1,"$version":4}""")], _updates);
    }

    [Fact]
    public void A_version_gap_fetches_one_snapshot()
    {
        using ClientRig rig = Connected();
        Answer(rig, 200, Twin(3));
        rig.Hub.Arrive("$iothub/twin/PATCH/properties/desired/?$version=5", "{}");
        rig.Hub.Arrive("$iothub/twin/PATCH/properties/desired/?$version=6", "{}");
        rig.Client.DoWork();
        Answer(rig, 200, Twin(6));

        Assert.Equal([TwinUpdateState.Complete, TwinUpdateState.Complete], _updates.Select(update => update.State));
        Assert.Equal(2, rig.Hub.Published.Count(sent => sent.Topic.StartsWith("$iothub/twin/GET", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_push_that_overtakes_the_snapshot_is_not_lost()
    {
        using ClientRig rig = Connected();
        rig.Hub.Arrive("$iothub/twin/PATCH/properties/desired/?$version=4", "{}");
        rig.Client.DoWork();
        Answer(rig, 200, Twin(3));
        Answer(rig, 200, Twin(4));

        Assert.Equal([Twin(3), Twin(4)], _updates.Select(update => update.Json));
    }

    [Theory]
    [InlineData(429, """{"errorCode":429001}""")]
    [InlineData(500, "")]
    [InlineData(200, "not a twin")]
    public void A_failed_get_is_retried_and_never_delivered(int status, string body)
    {
        using ClientRig rig = Connected();
        Answer(rig, status, body);
        Assert.Empty(_updates);

        rig.Advance(TimeSpan.FromSeconds(0.9));
        int before = rig.Hub.Published.Count;
        rig.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(before + 1, rig.Hub.Published.Count);
        Answer(rig, 200, Twin(1));

        Assert.Single(_updates);
    }

    [Fact]
    public void A_push_that_no_snapshot_ever_confirms_is_asked_about_ever_more_slowly_and_then_given_up()
    {
        using ClientRig rig = Connected();
        Answer(rig, 200, Twin(3));
        rig.Push(1_000);
        int gets = 0;

        for (int second = 0; second < 100; second++)
        {
            while (rig.TwinGets() > gets)
            {
                gets = rig.TwinGets();
                rig.AnswerGet(200, Twin(3));
            }

            rig.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(gets, 2, 8);
        rig.Push(4);
        Assert.Equal(TwinUpdateState.Partial, _updates[^1].State);
    }

    [Fact]
    public void A_twin_whose_hub_writes_no_version_is_handed_on_and_patches_follow()
    {
        using ClientRig rig = Connected();
        Answer(rig, 200, """{"desired":{"a":1},"reported":{}}""");
        rig.Push(7);
        Answer(rig, 200, """{"desired":{"a":7},"reported":{}}""");
        rig.Push(8);

        Assert.Equal([TwinUpdateState.Complete, TwinUpdateState.Complete, TwinUpdateState.Partial], _updates.Select(update => update.State));
    }

    [Fact]
    public void A_twin_of_a_megabyte_less_a_bit_and_nulls_in_patches_arrive_whole()
    {
        using ClientRig rig = Connected();
        string large = """{"desired":{"text":"ü","$version":1},"reported":{"$version":1}}""".Replace("ü", new string('ü', 400_000), StringComparison.Ordinal);
        Answer(rig, 200, large);
        rig.Hub.Arrive("$iothub/twin/PATCH/properties/desired/?$version=2", """{"text":null,"$version":2}""");
        rig.Client.DoWork();

        Assert.Equal([large, """{"text":null,"$version":2}"""], _updates.Select(update => update.Json));
    }

    [Fact]
    public void An_unanswered_get_is_repeated()
    {
        using ClientRig rig = Connected();
        rig.Advance(TimeSpan.FromSeconds(60));
        rig.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(2, rig.Hub.Published.Count(sent => sent.Topic.StartsWith("$iothub/twin/GET", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_reconnect_brings_a_snapshot()
    {
        using ClientRig rig = Connected();
        Answer(rig, 200, Twin(1));
        rig.Reconnect();
        Answer(rig, 200, Twin(9));

        Assert.Equal([Twin(1), Twin(9)], _updates.Select(update => update.Json));
    }

    [Fact]
    public void Registering_again_brings_a_snapshot_again()
    {
        using ClientRig rig = Connected();
        Answer(rig, 200, Twin(1));
        rig.Client.SetDeviceTwinCallback(null);
        Assert.Equal(["$iothub/twin/PATCH/properties/desired/#"], rig.Hub.Unsubscribed);
        rig.Client.SetDeviceTwinCallback(Take);
        rig.Client.DoWork();
        rig.Hub.Grant();
        rig.Client.DoWork();
        Answer(rig, 200, Twin(1));

        Assert.Equal(2, _updates.Count);
    }

    [Fact]
    public void A_reported_patch_ends_with_the_hubs_own_status()
    {
        using ClientRig rig = Connected();
        var statuses = new List<int>();
        rig.Client.SendReportedState("""{"a":1}"""u8, (status, _) => statuses.Add(status));
        rig.Client.SendReportedState("""{"b":1}"""u8, (status, _) => statuses.Add(status));
        rig.Client.DoWork();
        string[] topics = [.. rig.Hub.Published.Select(sent => sent.Topic).Where(topic => topic.Contains("reported", StringComparison.Ordinal))];

        rig.Hub.Arrive($"$iothub/twin/res/413/?{topics[1].Split('?')[1]}", "{}");
        rig.Hub.Arrive($"$iothub/twin/res/204/?{topics[0].Split('?')[1]}&$version=2", "");
        rig.Client.DoWork();

        Assert.Equal([413, 204], statuses);
    }

    [Fact]
    public void Unanswered_patches_go_out_again_in_order_after_a_reconnect()
    {
        using ClientRig rig = Connected();
        var statuses = new List<int>();
        rig.Client.SendReportedState("""{"a":1}"""u8, (status, _) => statuses.Add(status));
        rig.Client.SendReportedState("""{"a":2}"""u8, (status, _) => statuses.Add(status));
        rig.Client.DoWork();
        rig.Hub.Published.Clear();

        rig.Reconnect();

        Assert.Equal(["""{"a":1}""", """{"a":2}"""], rig.Hub.Published.Where(sent => sent.Topic.Contains("reported", StringComparison.Ordinal)).Select(sent => sent.Payload));
        Assert.Empty(statuses);
    }

    [Fact]
    public void A_patch_unanswered_for_300_s_ends_with_408()
    {
        using ClientRig rig = Connected();
        var statuses = new List<int>();
        rig.Client.SendReportedState("{}"u8, (status, _) => statuses.Add(status));
        rig.Client.DoWork();

        rig.Advance(TimeSpan.FromSeconds(299));
        Assert.Empty(statuses);
        rig.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal([408], statuses);
    }

    [Fact]
    public void An_empty_patch_is_refused()
    {
        using var rig = new ClientRig();

        Assert.Equal(IotHubClientResult.InvalidArg, rig.Client.SendReportedState([]));
    }

    [Fact]
    public void A_method_is_answered_in_the_turn_that_brought_it()
    {
        using ClientRig rig = Connected();
        MethodCall? seen = null;
        rig.Client.SetDeviceMethodCallback((call, _) =>
        {
            seen = call;
            return new MethodResponse(201, "{\"state\":\"on\"}"u8.ToArray());
        });
        rig.Client.DoWork();
        rig.Hub.Grant();
        rig.Client.DoWork();
        rig.Hub.Arrive("$iothub/methods/POST/led*toggle/?$rid=1a", "{}");
        rig.Client.DoWork();

        Assert.Equal(("led*toggle", "{}"), (seen!.Name, Encoding.UTF8.GetString(seen.Payload.Span)));
        Assert.Equal(("$iothub/methods/res/201/?$rid=1a", "{\"state\":\"on\"}", (ushort)0), Sent(rig));
    }

    [Fact]
    public void A_method_without_a_body_in_its_answer_still_answers()
    {
        using ClientRig rig = WithMethods((_, _) => new MethodResponse(200, default));
        rig.Hub.Arrive("$iothub/methods/POST/m/?$rid=1", "");
        rig.Client.DoWork();

        Assert.Equal(("$iothub/methods/res/200/?$rid=1", "null", (ushort)0), Sent(rig));
    }

    [Fact]
    public void A_handler_that_throws_is_answered_with_500()
    {
        using ClientRig rig = WithMethods((_, _) => throw new InvalidOperationException("from the application"));
        rig.Hub.Arrive("$iothub/methods/POST/m/?$rid=1", "");
        rig.Client.DoWork();

        Assert.StartsWith("$iothub/methods/res/500/", Sent(rig).Item1, StringComparison.Ordinal);
    }

    [Fact]
    public void A_late_call_after_unregistering_is_answered_with_501()
    {
        using ClientRig rig = WithMethods((_, _) => new MethodResponse(200, default));
        rig.Client.SetDeviceMethodCallback(null);
        rig.Hub.Arrive("$iothub/methods/POST/m/?$rid=1", "");
        rig.Client.DoWork();

        Assert.Equal(["$iothub/methods/POST/#"], rig.Hub.Unsubscribed);
        Assert.StartsWith("$iothub/methods/res/501/", Sent(rig).Item1, StringComparison.Ordinal);
        Assert.Equal(IotHubClientResult.Error, rig.Client.SetDeviceMethodCallback(null));
    }

    [Fact]
    public void A_topic_of_no_feature_changes_nothing()
    {
        using ClientRig rig = Connected();
        int before = rig.Hub.Published.Count;
        rig.Hub.Arrive("devices/dev1/messages/other", "x");
        rig.Hub.Arrive("", "");

        rig.Client.DoWork();

        Assert.Equal(before, rig.Hub.Published.Count);
        Assert.Single(rig.Statuses);
    }

    private static string Twin(long version) => $$$"""{"desired":{"$version":{{{version}}}},"reported":{"$version":1}}""";

    private static (string, string, ushort) Sent(ClientRig rig) => (rig.Hub.Published[^1].Topic, rig.Hub.Published[^1].Payload, rig.Hub.Published[^1].PacketId);

    private static void Answer(ClientRig rig, int status, string body)
    {
        rig.Client.DoWork();
        string request = rig.Hub.Published.Last(sent => sent.Topic.StartsWith("$iothub/twin/GET", StringComparison.Ordinal)).Topic;
        rig.Hub.Arrive($"$iothub/twin/res/{status}/?{request.Split('?')[1]}", body);
        rig.Client.DoWork();
    }

    private static ClientRig WithMethods(DeviceMethodCallback callback)
    {
        var rig = new ClientRig();
        rig.Client.SetDeviceMethodCallback(callback);
        return rig.Connect();
    }

    private ClientRig Connected()
    {
        var rig = new ClientRig();
        rig.Client.SetDeviceTwinCallback(Take);
        rig.Connect();
        rig.Client.DoWork();
        return rig;
    }

    private void Take(TwinUpdateState state, ReadOnlySpan<byte> json, object? context) => _updates.Add((state, Encoding.UTF8.GetString(json)));
}
