using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Node.Host.Tests.TestKit;
using Node.Host.Twin;
using Node.HubClient;

namespace Node.Host.Tests.Twin;

/// <summary>Acknowledgements, status by status (IoT Plug and Play conventions, writable properties).</summary>
public sealed class AcknowledgementTests
{
    [Theory]
    [InlineData("", "doWorkInterval", "\"1s\"", 200, "\"PT1S\"")]
    [InlineData("", "doWorkInterval", "\"11s\"", 400, "\"PT0.1S\"")]
    [InlineData("", "doWorkInterval", "4503599627370497", 400, "\"PT0.1S\"")]
    [InlineData("", "doWorkInterval", "1e400", 400, "\"PT0.1S\"")]
    [InlineData("", "logLevel", "\"Debug\"", 200, "\"debug\"")]
    [InlineData("", "logLevel", "\"configured\"", 200, "\"configured\"")]
    [InlineData("", "logLevel", "\"loud\"", 400, "\"configured\"")]
    [InlineData("", "logLevel", "3", 400, "\"configured\"")]
    [InlineData("", "logLevel", "{\"Default\":\"debug\"}", 400, "\"configured\"")]
    [InlineData("", "spool", "{\"maxAge\":\"7d\",\"dropPolicy\":\"downsample\"}", 200, "{\"capacityBytes\":67108864,\"maxAge\":\"P7D\",\"commitDelay\":\"PT0.02S\",\"dropPolicy\":\"downsample\"}")]
    [InlineData("", "spool", "{\"capacityBytes\":1048576.0}", 200, "{\"capacityBytes\":1048576,\"maxAge\":\"P30D\",\"commitDelay\":\"PT0.02S\",\"dropPolicy\":\"drop_old\"}")]
    [InlineData("", "spool", "{}", 200, DefaultSpool)]
    [InlineData("", "spool", "{\"capacityBytes\":1048575}", 400, DefaultSpool)]
    [InlineData("", "spool", "{\"capacityBytes\":4503599627370496}", 400, DefaultSpool)]
    [InlineData("", "spool", "{\"capacityBytes\":1048576.5}", 400, DefaultSpool)]
    [InlineData("", "spool", "{\"capacityBytes\":\"1048576\"}", 400, DefaultSpool)]
    [InlineData("", "spool", "{\"maxAge\":\"3651d\"}", 400, DefaultSpool)]
    [InlineData("", "spool", "{\"commitDelay\":61}", 400, DefaultSpool)]
    [InlineData("", "spool", "{\"dropPolicy\":\"drop_all\"}", 400, DefaultSpool)]
    [InlineData("", "spool", "{\"colour\":1}", 400, DefaultSpool)]
    [InlineData("", "spool", "[]", 400, DefaultSpool)]
    [InlineData("", "spool", "1", 400, DefaultSpool)]
    [InlineData("climate", "ranges", "{\"temperature\":{\"min_value\":-10,\"max_value\":40.5,\"stuck_after\":\"1h\"}}", 200, "{\"temperature\":{\"min_value\":-10,\"max_value\":40.5,\"stuck_after\":\"1h\"}}")]
    [InlineData("climate", "ranges", "{\"temperature\":{\"min_value\":40,\"max_value\":-10}}", 400, "{}")]
    [InlineData("climate", "ranges", "{\"wind\":{\"min_value\":0}}", 400, "{}")]
    [InlineData("climate", "ranges", "{\"temperature\":5}", 400, "{}")]
    [InlineData("climate", "ranges", "{\"temperature\":{\"stuck_readings\":1}}", 400, "{}")]
    [InlineData("climate", "ranges", "\"narrow\"", 400, "{}")]
    [InlineData("climate", "filters", "{\"temperature\":{\"10_offset\":{\"value\":{\"deep\":{\"deeper\":{\"deepest\":1}}}}}}", 400, "{}")]
    [InlineData("climate", "filters", "[{\"offset\":1}]", 400, "{}")]
    [InlineData("climate", "enabled", "0", 400, "true")]
    [InlineData("climate", "cron", "\"* * *\"", 400, "\"\"")]
    [InlineData("led", "maxOnTime", "\"PT10M\"", 200, "\"PT10M\"")]
    [InlineData("led", "maxOnTime", "\"P8D\"", 400, "\"PT0S\"")]
    [InlineData("led", "lease", "[1]", 400, "\"PT0S\"")]
    public void Each_value_is_answered_with_the_value_in_force(string component, string property, string desired, int code, string inForce)
    {
        using var node = new TestNode();
        node.Connect();
        node.StoreReported();

        node.Patch(component.Length == 0 ? $$"""{"{{property}}":{{desired}},"$version":7}""" : $$"""{"{{component}}":{"__t":"c","{{property}}":{{desired}}},"$version":7}""");
        node.StoreReported();

        JsonObject ack = (component.Length == 0 ? node.Reported() : node.Reported()[component]!)[property]!.AsObject();
        Same(inForce, ack["value"]);
        Assert.Equal((code, 7), ((int)ack["ac"]!, (int)ack["av"]!));
        Same("7", node.Reported()["lastDesiredVersion"]);
        Same($"{code}", node.Reported()["lastDesiredStatus"]!["code"]);
    }

    private const string DefaultSpool = "{\"capacityBytes\":67108864,\"maxAge\":\"P30D\",\"commitDelay\":\"PT0.02S\",\"dropPolicy\":\"drop_old\"}";

    [Fact]
    public void Every_writable_property_begins_with_203_and_version_0_and_its_configured_value()
    {
        using var node = new TestNode();

        node.Connect();

        JsonObject reported = node.Client.Reported[0];
        Same($$"""{"value":{{DefaultSpool}},"ac":203,"av":0,"ad":"initialize"}""", reported["spool"]);
        Same("""{"value":"configured","ac":203,"av":0,"ad":"initialize"}""", reported["logLevel"]);
        Same("""{"value":{},"ac":203,"av":0,"ad":"initialize"}""", reported["climate"]!["ranges"]);
    }

    [Theory]
    [InlineData("""{"climate":{"interval":"2s"},"$version":7}""")]
    [InlineData("""{"climate":{"__t":"c","interval":"2s"},"$version":7}""")]
    [InlineData("""{"climate":{"__t":"component","interval":"2s"},"$version":7}""")]
    public void A_component_is_known_by_its_name_whether_its_mark_is_there_or_not(string patch)
    {
        using var node = new TestNode();
        node.Connect();

        node.Patch(patch);

        Assert.Equal(TimeSpan.FromSeconds(2), node.Climate.Setting.Interval);
    }

    [Theory]
    [InlineData("""{"climate":{},"$version":7}""")]
    [InlineData("""{"climate":{"__t":"c"},"$version":7}""")]
    [InlineData("""{"$version":7}""")]
    public void A_part_that_asks_for_nothing_changes_nothing_and_is_good(string patch)
    {
        using var node = new TestNode();
        node.Connect("""{"climate":{"interval":"2s"},"$version":3}""");
        node.StoreReported();

        node.Patch(patch);
        node.StoreReported();

        Assert.Equal(TimeSpan.FromSeconds(2), node.Climate.Setting.Interval);
        Same("""{"code":200,"description":"in force"}""", node.Reported()["lastDesiredStatus"]);
    }

    [Fact]
    public void Long_and_deep_values_are_refused_in_bounded_words()
    {
        using var node = new TestNode();
        node.Connect();
        node.StoreReported();
        string deep = string.Concat(Enumerable.Repeat("{\"a\":", 9)) + "1" + new string('}', 9);
        string many = string.Join(",", Enumerable.Range(0, 900).Select(i => $"\"{i}_offset\":1"));

        node.Patch($$"""{"logLevel":"{{new string('x', 4096)}}","doWorkInterval":{{deep}},"{{new string('k', 1000)}}":1,"climate":{"filters":{"temperature":{ {{many}} } } },"$version":7}""");
        node.StoreReported();

        Assert.All(new[] { node.Reported()["logLevel"]!, node.Reported()["doWorkInterval"]!, node.Reported()["climate"]!["filters"]! },
            ack => Assert.True((int)ack["ac"]! == 400 && ((string)ack["ad"]!).Length <= 256, ack.ToJsonString()));
        Assert.True(node.Reported().ToJsonString().Length < 6_000);
        Assert.Contains("4096", (string)node.Reported()["climate"]!["filters"]!["ad"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_read_is_told_and_the_next_patch_is_worked()
    {
        using var node = new TestNode();
        node.Connect();
        node.StoreReported();

        node.Patch("""{"climate":{"interval":01},"$version":7}""");
        node.StoreReported();
        JsonNode told = node.Reported()["lastDesiredStatus"]!.DeepClone();
        node.Patch("""{"climate":{"interval":"3s"},"$version":8}""");
        node.StoreReported();

        Assert.Equal(400, (int)told["code"]!);
        Assert.Equal(TimeSpan.FromSeconds(3), node.Climate.Setting.Interval);
        Same("""{"code":200,"description":"in force"}""", node.Reported()["lastDesiredStatus"]);
    }

    [Fact]
    public void A_level_that_a_method_sets_is_reported_as_the_nodes_own()
    {
        using var node = new TestNode();
        node.Connect("""{"logLevel":"warning","$version":3}""");
        node.StoreReported();

        node.Client.Call("setLogLevel", "\"debug\"");
        node.Loop.Turn();
        node.StoreReported();

        Assert.Equal(LogLevel.Debug, node.LogLevel.Level);
        Same("""{"value":"debug","ac":203,"av":0,"ad":"set on the node"}""", node.Reported()["logLevel"]);
    }

    [Fact]
    public async Task Spool_limits_come_in_force_and_survive_a_restart_without_the_hub()
    {
        using var folder = new TemporaryFolder();
        using (var before = new TestNode(folder))
        {
            before.Connect("""{"spool":{"dropPolicy":"drop_new","capacityBytes":2097152},"logLevel":"error","climate":{"ranges":{"temperature":{"max_value":10}}},"$version":3}""");
        }

        using var after = new TestNode(folder);
        after.Twin.ApplyLastGood();
        await after.SampleAsync(TestContext.Current.CancellationToken);
        after.Connect("""{"spool":{"dropPolicy":"drop_new","capacityBytes":2097152},"logLevel":"error","climate":{"ranges":{"temperature":{"max_value":10}}},"$version":3}""");

        Assert.Equal(LogLevel.Error, after.LogLevel.Level);
        Same("""{"capacityBytes":2097152,"maxAge":"P30D","commitDelay":"PT0.02S","dropPolicy":"drop_new"}""", after.Client.Reported[0]["spool"]!["value"]);
        Assert.Equal(Node.Host.Sensing.Quality.OutOfRange, after.Climate.Status.Reading!.Quality);
    }

    [Fact]
    public void A_memory_from_a_newer_version_gives_what_is_known_and_keeps_the_rest()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("desired.json"),
            """{"format":9,"version":5,"desired":{"climate":{"interval":"PT2S","colour":{"red":1}},"weather":{"rain":true},"spool":{"maxAge":"P7D","layers":3},"doWorkInterval":"PT1S"}}""");
        using var node = new TestNode(folder);

        node.Twin.ApplyLastGood();
        node.Connect("""{"climate":{"interval":"PT3S"},"$version":6}""");

        Assert.Equal(TimeSpan.FromSeconds(3), node.Climate.Setting.Interval);
        string kept = File.ReadAllText(folder.File("desired.json"));
        Assert.Contains("weather", kept, StringComparison.Ordinal);
        Assert.Contains("PT3S", kept, StringComparison.Ordinal);
    }

    [Fact]
    public void What_throws_while_it_is_put_in_force_is_500_and_its_siblings_go_back()
    {
        var first = new Knob("first");
        var broken = new Knob("broken") { Breaks = true };
        (DesiredProperties desired, ReportedDocument reported, TemporaryFolder folder) = With(first, broken);
        using TemporaryFolder kept = folder;

        desired.Receive(TwinUpdateState.Partial, """{"first":2,"broken":2,"$version":4}"""u8);

        Assert.Equal((0, 0), (first.Value, broken.Value));
        Same("""{"value":0,"ac":500,"av":4,"ad":"broken could not be put in force: it is jammed"}""", reported.Find("", "broken"));
        Same("""{"value":0,"ac":400,"av":4,"ad":"not applied: waits on broken"}""", reported.Find("", "first"));
        Same("500", reported.Find("", "lastDesiredStatus")!["code"]);

        broken.Breaks = false;
        desired.Receive(TwinUpdateState.Partial, """{"broken":3,"$version":5}"""u8);

        Assert.Equal((2, 3), (first.Value, broken.Value));
        Same("""{"value":2,"ac":200,"av":5,"ad":"in force"}""", reported.Find("", "first"));
    }

    [Fact]
    public void What_takes_its_time_is_202_until_it_is_reached()
    {
        var slow = new Knob("slow") { Reached = false };
        (DesiredProperties desired, ReportedDocument reported, TemporaryFolder folder) = With(slow);
        using TemporaryFolder kept = folder;

        desired.Receive(TwinUpdateState.Partial, """{"slow":2,"$version":4}"""u8);
        desired.Refresh();
        Same("""{"value":2,"ac":202,"av":4,"ad":"in progress"}""", reported.Find("", "slow"));
        slow.Reached = true;
        desired.Refresh();

        Same("""{"value":2,"ac":200,"av":4,"ad":"in force"}""", reported.Find("", "slow"));
    }

    private static (DesiredProperties Desired, ReportedDocument Reported, TemporaryFolder Folder) With(params Knob[] knobs)
    {
        var folder = new TemporaryFolder();
        var reported = new ReportedDocument();
        var lastGood = new LastGoodDesired(folder.File("desired.json"), NullLogger.Instance);
        return (new DesiredProperties([new TwinComponent("", [.. knobs.Select(knob => knob.Property)])], reported, lastGood, NullLogger.Instance), reported, folder);
    }

    private static void Same(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual?.ToJsonString() ?? "null")), $"expected {expected}, got {actual?.ToJsonString()}");

    /// <summary>A setting that can jam and take its time.</summary>
    private sealed class Knob
    {
        public Knob(string name) => Property = new WritableProperty(name, () => Value, value => Proposal.Accept((int?)value ?? 0, () =>
        {
            Value = Breaks ? throw new InvalidOperationException("it is jammed") : (int?)value ?? 0;
        }))
        {
            IsReached = () => Reached,
        };

        public WritableProperty Property { get; }

        public int Value { get; private set; }

        public bool Breaks { get; set; }

        public bool Reached { get; set; } = true;
    }
}
