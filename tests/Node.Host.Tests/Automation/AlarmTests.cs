using System.Text.Json.Nodes;
using Node.Host.Automation;
using Node.Host.Configuration;
using Node.Host.Spool;
using Node.Host.Tests.TestKit;
using Node.HubClient;
using Node.Sensors.Actuators;

namespace Node.Host.Tests.Automation;

public sealed class AlarmTests
{
    private static readonly ActuatorOptions Fan = new() { Name = "fan", Pin = 4 };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_alarm_is_told_once_with_all_that_a_consumer_needs_and_cleared_once()
    {
        using TestNode node = Make("""{"hot":{"quantity":"temperature","above":30,"hysteresis":2}}""");
        foreach (double celsius in (double[])[25, 31, 35, 29, 28, 27])
        {
            await SampleAsync(node, celsius);
        }

        SpooledMessage[] alarms = [.. Stored(node).Where(message => message.Priority == 1)];

        Assert.Equal(2, alarms.Length);
        Same("""{"alarm":{"threshold":"hot","quantity":"temperature","state":"raised","cause":"crossed","value":31,"limit":30,"since":"2026-03-01T12:00:05.000Z","forSeconds":0}}""", alarms[0]);
        Same("""{"alarm":{"threshold":"hot","quantity":"temperature","state":"cleared","cause":"returned","value":28,"limit":30,"since":"2026-03-01T12:00:05.000Z","forSeconds":15}}""", alarms[1]);
        Assert.Equal(("climate", TestNode.Start.AddSeconds(5)), (alarms[0].Component, alarms[0].SampledAt));
    }

    [Fact]
    public async Task An_alarm_tells_its_value_with_the_digits_that_the_quantity_deserves_everywhere()
    {
        using TestNode node = Make("""{"hot":{"quantity":"temperature","above":30}}""");
        node.Connect();
        await SampleAsync(node, 31.203485679012);
        node.Loop.Turn();
        node.StoreReported();

        SpooledMessage alarm = Assert.Single(Stored(node), message => message.Priority == 1);
        Assert.Equal(31.2, (double)JsonNode.Parse(alarm.Body.Span)!["alarm"]!["value"]!);
        Assert.Equal(31.2, (double)node.Reported()["climate"]!["alarms"]!["hot"]!["value"]!);
    }

    [Fact]
    public async Task A_filter_that_holds_the_reading_back_holds_no_alarm_back()
    {
        var faults = new List<string>();
        FilterMap silent = FilterMap.Read(JsonNode.Parse("""{"temperature":{"10_delta":100},"pressure":{"10_delta":100}}""")!.AsObject(), "filters", ["temperature", "pressure"], faults);
        using var node = new TestNode(null, ["climate"], options => options with { Filters = silent, Thresholds = Map("""{"hot":{"quantity":"temperature","above":30}}""") });
        await SampleAsync(node, 25);
        await SampleAsync(node, 31);

        Assert.Equal([0, 1], Stored(node).OrderBy(message => message.Sequence).Select(message => message.Priority));
    }

    [Fact]
    public async Task Without_a_hub_it_drives_its_actuator_and_lets_go_afterwards()
    {
        using TestNode node = Make("""{"hot":{"quantity":"temperature","above":30,"drive":{"actuator":"fan","state":"on"}}}""");
        await SampleAsync(node, 31);
        bool raised = node.Board.Gpio.IsHigh(4);
        await SampleAsync(node, 29);

        Assert.Equal((true, false), (raised, node.Board.Gpio.IsHigh(4)));
        Assert.Equal(["on", "off"], Stored(node).Where(message => message.Priority == 1)
            .Select(message => (string)JsonNode.Parse(message.Body.Span)!["alarm"]!["drive"]!["outcome"]!));
    }

    [Fact]
    public async Task A_safety_limit_is_kept_said_everywhere_and_tried_again_when_it_has_passed()
    {
        ActuatorOptions slow = Fan with { Limits = new OutputLimits { MinimumOffTime = TimeSpan.FromSeconds(12) } };
        using TestNode node = Make("""{"hot":{"quantity":"temperature","above":30,"drive":{"actuator":"fan","state":"on"}}}""", slow);
        node.Connect();
        await SampleAsync(node, 31);
        bool atOnce = node.Board.Gpio.IsHigh(4);
        node.Loop.Turn();
        node.StoreReported();
        string shown = (string)node.Reported()["climate"]!["alarms"]!["hot"]!["drive"]!;
        await SampleAsync(node, 31);
        await SampleAsync(node, 31);
        await SampleAsync(node, 31);

        Assert.False(atOnce);
        Assert.StartsWith("refused: ", shown, StringComparison.Ordinal);
        Assert.True(node.Board.Gpio.IsHigh(4));
        node.StoreReported();
        node.StoreReported();
        Assert.Equal("on", (string)node.Reported()["climate"]!["alarms"]!["hot"]!["drive"]!);
        Assert.Single(Stored(node), message => message.Priority == 1);
    }

    [Fact]
    public async Task A_maximum_on_time_is_not_fought()
    {
        ActuatorOptions bounded = Fan with { Limits = new OutputLimits { MaximumOnTime = TimeSpan.FromSeconds(7) } };
        using TestNode node = Make("""{"hot":{"quantity":"temperature","above":30,"drive":{"actuator":"fan","state":"on"}}}""", bounded);
        await SampleAsync(node, 31);
        bool first = node.Board.Gpio.IsHigh(4);
        for (int i = 0; i < 5; i++)
        {
            await SampleAsync(node, 31);
        }

        Assert.Equal((true, false), (first, node.Board.Gpio.IsHigh(4)));
    }

    [Fact]
    public async Task A_restart_tells_a_raised_alarm_not_again_drives_anew_and_clears_it_when_the_value_is_back()
    {
        const string Hot = """{"hot":{"quantity":"temperature","above":30,"drive":{"actuator":"fan","state":"on"}}}""";
        using var folder = new TemporaryFolder();
        using (TestNode before = Make(Hot, folder: folder))
        {
            await SampleAsync(before, 31);
        }

        using TestNode node = Make(Hot, folder: folder, boot: "boot2");
        await SampleAsync(node, 32);
        bool driven = node.Board.Gpio.IsHigh(4);
        await SampleAsync(node, 20);

        Assert.True(driven);
        Assert.Equal([("boot1", "raised"), ("boot2", "cleared")], Stored(node).Where(message => message.Priority == 1)
            .OrderBy(message => message.Sequence).Select(message => (message.BootId, (string)JsonNode.Parse(message.Body.Span)!["alarm"]!["state"]!)));
    }

    [Fact]
    public async Task A_latched_alarm_waits_for_the_method()
    {
        using TestNode node = Make("""{"hot":{"quantity":"temperature","above":30,"hysteresis":1,"latch":true}}""");
        await SampleAsync(node, 31);
        int early = (await node.Client.CallAsync("climate*clearAlarm", "\"hot\"")).Status;
        await SampleAsync(node, 20);
        int unknown = (await node.Client.CallAsync("climate*clearAlarm", "\"cold\"")).Status;
        MethodResponse cleared = await node.Client.CallAsync("climate*clearAlarm", """{"threshold":"hot"}""");

        Assert.Equal((409, 404, 200), (early, unknown, cleared.Status));
        Assert.Equal(["crossed", "operator"], Stored(node).Where(message => message.Priority == 1)
            .Select(message => (string)JsonNode.Parse(message.Body.Span)!["alarm"]!["cause"]!));
    }

    [Fact]
    public async Task A_value_that_cannot_be_believed_raises_nothing()
    {
        using var node = new TestNode(null, ["climate"], options => options with
        {
            Thresholds = Map("""{"hot":{"quantity":"temperature","above":30}}"""),
            Quantities = new Dictionary<string, QuantityOptions>
            {
                ["temperature"] = new() { Name = "temperature", Plausible = new Node.Sensors.Filters.ValueMonitorSettings { Maximum = 80 } },
            },
        });
        await SampleAsync(node, 84);

        Assert.DoesNotContain(Stored(node), message => message.Priority == 1);
    }

    [Fact]
    public async Task The_twin_adds_changes_and_deletes_thresholds_one_by_one()
    {
        using TestNode node = Make("{}");
        node.Connect("""{"climate":{"thresholds":{"hot":{"quantity":"temperature","above":30}}},"$version":2}""");
        node.StoreReported();
        await SampleAsync(node, 35);
        node.Patch("""{"climate":{"thresholds":{"cold":{"quantity":"temperature","below":5}}},"$version":3}""");
        node.StoreReported();
        await SampleAsync(node, 35);
        node.Patch("""{"climate":{"thresholds":{"hot":null}},"$version":4}""");
        node.StoreReported();
        await SampleAsync(node, 35);
        node.Loop.Turn();
        node.StoreReported();

        Assert.Equal("""{"cold":{"quantity":"temperature","below":5}}""", node.Reported()["climate"]!["thresholds"]!["value"]!.ToJsonString());
        Assert.Equal("""{"cold":{"state":"normal"}}""", node.Reported()["climate"]!["alarms"]!.ToJsonString());
        Assert.Equal(["crossed", "removed"], node.Client.Sent.Where(message => message.Properties.Contains(new("alarm", "true")))
            .Select(message => (string)JsonNode.Parse(message.Body.Span)!["alarm"]!["cause"]!));
    }

    [Theory]
    [InlineData("""{"hot":{"quantity":"warmth","above":30}}""", "thresholds.hot.quantity: \"warmth\" is not allowed; allowed is temperature or pressure")]
    [InlineData("""{"hot":{"quantity":"temperature"}}""", "thresholds.hot: needs either above or below")]
    [InlineData("""{"hot":{"quantity":"temperature","above":1,"below":0}}""", "thresholds.hot: needs either above or below")]
    [InlineData("""{"hot":{"quantity":"temperature","above":"warm"}}""", "thresholds.hot.above: \"warm\" is not allowed")]
    [InlineData("""{"hot":{"quantity":"temperature","above":1,"hysteresis":-1}}""", "thresholds.hot.hysteresis: -1 is not allowed; allowed is a number from 0")]
    [InlineData("""{"hot":{"quantity":"temperature","above":1,"holdTime":"soon"}}""", "thresholds.hot.holdTime: \"soon\" is not allowed")]
    [InlineData("""{"hot":{"quantity":"temperature","above":1,"drive":{"actuator":"pump"}}}""", "thresholds.hot.drive.actuator: 'pump' is no actuator of this node; known are fan")]
    [InlineData("""{"hot":{"quantity":"temperature","above":1,"drive":{"actuator":"fan","state":"fast"}}}""", "thresholds.hot.drive.state: \"fast\" is not allowed")]
    [InlineData("""{"hot":{"quantity":"temperature","above":1,"colour":"red"}}""", "thresholds.hot: 'colour' is unknown")]
    [InlineData("""{"too hot":{"quantity":"temperature","above":1}}""", "thresholds.too hot: 'too hot' is no id")]
    [InlineData("""{"hot":5}""", "thresholds.hot: is no map")]
    [InlineData("7", "thresholds 7 is not allowed")]
    public void A_bad_one_is_refused_with_place_and_remedy_and_nothing_changes(string desired, string reason)
    {
        using TestNode node = Make("""{"kept":{"quantity":"temperature","above":50}}""");
        node.Connect();
        node.StoreReported();

        node.Patch($$"""{"climate":{"thresholds":{{desired}},"interval":"2s"},"$version":2}""");

        JsonNode ack = node.Reported()["climate"]!["thresholds"]!;
        Assert.Equal(400, (int)ack["ac"]!);
        Assert.StartsWith(reason, (string)ack["ad"]!, StringComparison.Ordinal);
        Assert.Equal(["kept"], node.Climate.Setting.Thresholds.Thresholds.Select(threshold => threshold.Id));
        Assert.Equal(TimeSpan.FromSeconds(5), node.Climate.Setting.Interval);
    }

    [Fact]
    public void The_configuration_reads_the_same_map_whatever_the_case_of_its_keys()
    {
        var faults = new List<string>();
        ThresholdMap map = ThresholdMap.Read(
            new SortedDictionary<string, string>
            {
                ["hot:Quantity"] = "Temperature",
                ["hot:Above"] = "30.5",
                ["hot:HoldTime"] = "10s",
                ["hot:Latch"] = "true",
                ["hot:Drive:Actuator"] = "fan",
            },
            "Node:Sensors:climate:Thresholds", ["temperature"], faults);

        Assert.Empty(faults);
        Assert.Equal("""{"hot":{"quantity":"temperature","above":30.5,"holdTime":"PT10S","latch":true,"drive":{"actuator":"fan","state":"on"}}}""", map.Json.ToJsonString());
    }

    private static TestNode Make(string thresholds, ActuatorOptions? fan = null, TemporaryFolder? folder = null, string boot = "boot1") =>
        new(folder, ["climate"], options => options with { Thresholds = Map(thresholds) }, [fan ?? Fan], boot: boot);

    private static ThresholdMap Map(string json)
    {
        var faults = new List<string>();
        ThresholdMap map = ThresholdMap.Read(JsonNode.Parse(json)!.AsObject(), "thresholds", ".", ["temperature", "pressure"], faults);
        Assert.Empty(faults);
        return map;
    }

    private static async Task SampleAsync(TestNode node, double celsius)
    {
        node.Chips["climate"].Celsius = celsius;
        await node.SampleAsync(Cancelled);
        node.Loop.Turn();
        node.Time.Advance(TimeSpan.FromSeconds(5));
    }

    private static List<SpooledMessage> Stored(TestNode node)
    {
        var taken = new List<SpooledMessage>();
        node.Spool.TakeUnsent(taken, 1_000);
        if (taken.Count == 0)
        {
            node.Client.EndTelemetry(SendConfirmation.Error);
            node.Client.Disconnect();
            node.Loop.Turn();
            node.Spool.TakeUnsent(taken, 1_000);
        }

        return taken;
    }

    private static void Same(string expected, SpooledMessage actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual.Body.Span)), System.Text.Encoding.UTF8.GetString(actual.Body.Span));
}
