using System.Text.Json.Nodes;
using Node.Host.Tests.TestKit;

namespace Node.Host.Tests.Twin;

public sealed class NodeTwinTests
{
    [Fact]
    public void At_the_first_start_the_defaults_are_reported_with_203_and_version_0()
    {
        using var node = new TestNode();

        node.Connect();

        JsonObject reported = node.Client.Reported[0];
        Same("""{"value":"PT5S","ac":203,"av":0,"ad":"initialize"}""", reported["climate"]!["interval"]);
        Same("""{"value":true,"ac":203,"av":0,"ad":"initialize"}""", reported["climate"]!["enabled"]);
        Same("""{"value":"PT0.1S","ac":203,"av":0,"ad":"initialize"}""", reported["doWorkInterval"]);
        Assert.Equal(("off", "fail-safe state at the start"), ((string)reported["led"]!["state"]!, (string)reported["led"]!["cause"]!));
        Same("""{"value":"PT0S","ac":203,"av":0,"ad":"initialize"}""", reported["led"]!["maxOnTime"]);
        Same("""{"__t":"c","swVersion":"0.1.0"}""", reported["deviceInformation"]);
        Same("""{"state":"starting"}""", reported["climate"]!["status"]);
        Same("1", reported["lastDesiredVersion"]);
    }

    [Theory]
    [InlineData("\"2s\"", 200, "PT2S")]
    [InlineData("\"PT2S\"", 200, "PT2S")]
    [InlineData("2", 200, "PT2S")]
    [InlineData("0.5", 200, "PT0.5S")]
    [InlineData("\"100ms\"", 200, "PT0.1S")]
    [InlineData("86400", 200, "P1D")]
    [InlineData("\"99ms\"", 400, "PT5S")]
    [InlineData("86401", 400, "PT5S")]
    [InlineData("-2", 400, "PT5S")]
    [InlineData("1e300", 400, "PT5S")]
    [InlineData("\"soon\"", 400, "PT5S")]
    [InlineData("true", 400, "PT5S")]
    [InlineData("{\"seconds\":2}", 400, "PT5S")]
    [InlineData("[2]", 400, "PT5S")]
    public void An_interval_is_answered_with_the_value_in_force(string desired, int code, string inForce)
    {
        using var node = new TestNode();
        node.Connect();
        node.StoreReported();

        node.Patch($$"""{"climate":{"__t":"c","interval":{{desired}}},"$version":7}""");

        JsonNode ack = node.Client.Reported[^1]["climate"]!["interval"]!;
        JsonObject held = node.Reported()["climate"]!["interval"]!.AsObject();
        Assert.Equal((inForce, code, 7), ((string)held["value"]!, (int)held["ac"]!, (int)held["av"]!));
        Assert.Equal(code, (int)ack["ac"]!);
        Assert.Equal(code == 200 ? "in force" : "interval", ((string)held["ad"]!)[..8]);
    }

    [Fact]
    public void A_null_takes_a_property_back_to_its_configured_value()
    {
        using var node = new TestNode();
        node.Connect("""{"climate":{"interval":"2s"},"$version":3}""");
        Assert.Equal(TimeSpan.FromSeconds(2), node.Climate.Setting.Interval);
        node.StoreReported();

        node.Patch("""{"climate":{"interval":null},"$version":4}""");

        Assert.Equal(TimeSpan.FromSeconds(5), node.Climate.Setting.Interval);
        Same("""{"value":"PT5S","ac":203,"av":0,"ad":"initialize"}""", node.Reported()["climate"]!["interval"]);
    }

    [Fact]
    public void One_bad_key_refuses_its_component_and_no_other()
    {
        using var node = new TestNode(null, "inside", "outside");
        node.Connect();
        node.StoreReported();

        node.Patch("""{"inside":{"interval":"2s","enabled":"perhaps"},"outside":{"interval":"3s"},"doWorkInterval":"1s","$version":2}""");

        Assert.Equal(TimeSpan.FromSeconds(5), node.Sensors.Channels[0].Setting.Interval);
        Assert.Equal(TimeSpan.FromSeconds(3), node.Sensors.Channels[1].Setting.Interval);
        Assert.Equal(TimeSpan.FromSeconds(1), node.Cadence.IdleInterval);
        JsonObject reported = node.Reported();
        Same("""{"value":"PT5S","ac":400,"av":2,"ad":"not applied: waits on enabled"}""", reported["inside"]!["interval"]);
        Assert.Equal(400, (int)reported["inside"]!["enabled"]!["ac"]!);
        Assert.Contains("perhaps", (string)reported["inside"]!["enabled"]!["ad"]!, StringComparison.Ordinal);
        Assert.Equal(200, (int)reported["outside"]!["interval"]!["ac"]!);
        Assert.Equal(400, (int)reported["lastDesiredStatus"]!["code"]!);
    }

    [Fact]
    public void A_sibling_that_waited_comes_in_force_with_the_next_good_patch()
    {
        using var node = new TestNode();
        node.Connect();
        node.StoreReported();
        node.Patch("""{"climate":{"interval":"2s","enabled":"perhaps"},"$version":2}""");
        node.StoreReported();

        node.Patch("""{"climate":{"enabled":false},"$version":3}""");

        Assert.Equal((TimeSpan.FromSeconds(2), false), (node.Climate.Setting.Interval, node.Climate.Setting.Enabled));
        Assert.Equal((200, 3), ((int)node.Reported()["climate"]!["interval"]!["ac"]!, (int)node.Reported()["climate"]!["interval"]!["av"]!));
    }

    [Fact]
    public void Unknown_keys_are_answered_by_name_and_taken_back_when_deleted()
    {
        using var node = new TestNode();
        node.Connect();
        node.StoreReported();

        node.Patch("""{"climate":{"colour":"red"},"garden":{"interval":"2s"},"$version":2}""");

        JsonObject reported = node.Reported();
        Assert.Equal(400, (int)reported["climate"]!["colour"]!["ac"]!);
        Assert.Contains("colour", (string)reported["climate"]!["colour"]!["ad"]!, StringComparison.Ordinal);
        Assert.Equal(400, (int)reported["garden"]!["ac"]!);
        node.StoreReported();

        node.Patch("""{"climate":{"colour":null},"garden":null,"$version":3}""");

        node.StoreReported();
        Assert.False(node.Reported()["climate"]!.AsObject().ContainsKey("colour"));
        Assert.False(node.Reported().ContainsKey("garden"));
        Assert.Equal(200, (int)node.Reported()["lastDesiredStatus"]!["code"]!);
    }

    [Fact]
    public void A_flood_of_unknown_keys_is_answered_up_to_a_bound()
    {
        using var node = new TestNode();
        node.Connect();
        node.StoreReported();

        node.Patch("{" + string.Join(",", Enumerable.Range(0, 500).Select(i => $"\"stranger{i}\":1")) + ",\"$version\":2}");

        Assert.InRange(node.Client.Reported[^1].Count(pair => pair.Key.StartsWith("stranger", StringComparison.Ordinal)), 1, 16);
        Assert.True(node.Client.Reported[^1].ToJsonString().Length < 16_000);
    }

    [Fact]
    public void A_read_only_property_keeps_its_value_when_it_is_desired()
    {
        using var node = new TestNode();
        node.Connect();
        node.StoreReported();

        node.Patch("""{"led":{"state":"on"},"$version":2}""");

        Assert.False(node.Actuators.Channels[0].IsOn);
        Assert.Equal("off", (string)node.Reported()["led"]!["state"]!);
        Assert.Contains("read-only", (string)node.Reported()["lastDesiredStatus"]!["description"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_hub_shows_already_is_not_sent_again_at_a_reconnect()
    {
        using var node = new TestNode();
        node.Connect("""{"climate":{"interval":"2s"},"$version":3}""");
        node.StoreReported();
        int sent = node.Client.Reported.Count;

        node.Client.Disconnect();
        node.Loop.Turn();
        node.Connect("""{"climate":{"interval":"2s"},"$version":3}""", node.Reported().ToJsonString());

        Assert.Equal(sent, node.Client.Reported.Count);
        Assert.Equal(3, node.Twin.AcknowledgedVersion);
    }

    [Fact]
    public void A_whole_twin_converges_after_an_outage_deletions_included()
    {
        using var node = new TestNode();
        node.Connect("""{"climate":{"interval":"2s","enabled":false},"$version":3}""");
        node.StoreReported();

        node.Connect("""{"climate":{"enabled":true},"$version":9}""", node.Reported().ToJsonString());
        node.StoreReported();

        Assert.Equal((TimeSpan.FromSeconds(5), true), (node.Climate.Setting.Interval, node.Climate.Setting.Enabled));
        Assert.Equal((203, 0), ((int)node.Reported()["climate"]!["interval"]!["ac"]!, (int)node.Reported()["climate"]!["interval"]!["av"]!));
        Assert.Equal((200, 9), ((int)node.Reported()["climate"]!["enabled"]!["ac"]!, (int)node.Reported()["climate"]!["enabled"]!["av"]!));
    }

    [Fact]
    public void A_restart_without_a_network_samples_as_last_told()
    {
        using var folder = new TemporaryFolder();
        using (var before = new TestNode(folder))
        {
            before.Connect("""{"climate":{"interval":"PT2S","enabled":false},"doWorkInterval":1,"$version":3}""");
            before.Patch("""{"climate":{"interval":"never"},"$version":4}""");
        }

        using var after = new TestNode(folder);
        after.Twin.ApplyLastGood();

        Assert.Equal((TimeSpan.FromSeconds(2), false), (after.Climate.Setting.Interval, after.Climate.Setting.Enabled));
        Assert.Equal(TimeSpan.FromSeconds(1), after.Cadence.IdleInterval);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{ torn")]
    [InlineData("[]")]
    [InlineData("""{"desired":5}""")]
    [InlineData("""{"desired":{"climate":{"interval":"never"},"doWorkInterval":[]}}""")]
    public void A_damaged_memory_of_desired_properties_leaves_the_configured_values(string content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("desired.json"), content);
        using var node = new TestNode(folder);

        node.Twin.ApplyLastGood();

        Assert.Equal(TimeSpan.FromSeconds(5), node.Climate.Setting.Interval);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"climate":{},"climate":{}}""")]
    [InlineData("""{"climate":5,"$version":2}""")]
    [InlineData("""{"climate":{"interval":"2s","interval":"3s"},"$version":2}""")]
    [InlineData("""{"$version":"two"}""")]
    public void Nonsense_from_the_hub_changes_nothing_and_throws_nothing(string patch)
    {
        using var node = new TestNode();
        node.Connect();

        node.Patch(patch);

        Assert.Equal(TimeSpan.FromSeconds(5), node.Climate.Setting.Interval);
    }

    [Fact]
    public void Both_settings_of_a_sensor_change_in_one_patch()
    {
        using var node = new TestNode();
        node.Connect();

        node.Patch("""{"climate":{"enabled":false,"interval":"1m"},"$version":2}""");

        Assert.Equal((TimeSpan.FromMinutes(1), false), (node.Climate.Setting.Interval, node.Climate.Setting.Enabled));
        Assert.Equal(2, node.Twin.DesiredVersion);
    }

    [Fact]
    public async Task A_sick_sensor_shows_in_its_component_with_the_reason_and_a_well_one_without()
    {
        using var node = new TestNode();
        node.Connect();
        node.StoreReported();
        node.Chips["climate"].Failure = Failures.Nack();
        await node.SampleAsync(TestContext.Current.CancellationToken);
        node.Loop.Turn();
        node.StoreReported();
        Assert.Equal("degraded", (string)node.Reported()["climate"]!["status"]!["state"]!);
        Assert.Equal("nothing acknowledges", (string)node.Reported()["climate"]!["status"]!["reason"]!);

        node.Chips["climate"].Failure = null;
        node.Time.Advance(TimeSpan.FromMinutes(1));
        await node.SampleAsync(TestContext.Current.CancellationToken);
        node.Loop.Turn();
        node.StoreReported();

        Same("""{"state":"ok"}""", node.Reported()["climate"]!["status"]);
    }

    [Theory]
    [InlineData("{\"logLevel\":\"\\ud800\",\"$version\":2}")]
    [InlineData("{\"\\ud800\":1,\"$version\":2}")]
    [InlineData("{\"climate\":{\"\\udc00\":{\"a\":1}},\"$version\":2}")]
    [InlineData("{\"climate\":{\"thresholds\":{\"\u00ff\":{\"quantity\":\"temperature\",\"above\":1}}},\"$version\":2}")] // As one byte, which is no UTF-8.
    [InlineData("{\"logLevel\":\"\u00ff\",\"$version\":2}")]
    public void A_patch_whose_texts_are_none_is_left_and_told_and_the_next_one_works(string patch)
    {
        using var node = new TestNode();
        node.Connect();

        node.Client.Twin(Node.HubClient.TwinUpdateState.Partial, System.Text.Encoding.Latin1.GetBytes(patch));
        node.Loop.Turn();
        node.StoreReported();
        Assert.Equal(400, (int)node.Reported()["lastDesiredStatus"]!["code"]!);
        node.Patch("""{"climate":{"interval":"PT7S"},"$version":3}""");

        Assert.Equal(TimeSpan.FromSeconds(7), node.Climate.Setting.Interval);
    }

    private static void Same(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}, got {actual?.ToJsonString()}");
}
