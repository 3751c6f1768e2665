using System.Text.Json.Nodes;
using Node.Host.Tests.TestKit;

namespace Node.Host.Tests.Twin;

public sealed class SensorPropertiesTests
{
    [Fact]
    public void Filters_begin_empty_or_as_configured_and_say_so()
    {
        using var node = new TestNode();

        node.Connect();

        Same("""{"value":{},"ac":203,"av":0,"ad":"initialize"}""", node.Client.Reported[0]["climate"]!["filters"]);
        Same("""{"value":"","ac":203,"av":0,"ad":"initialize"}""", node.Client.Reported[0]["climate"]!["cron"]);
    }

    [Fact]
    public void A_patch_changes_single_steps_and_a_null_takes_one_away()
    {
        using var node = new TestNode();
        node.Connect("""{"climate":{"filters":{"temperature":{"10_offset":-0.5,"20_delta":1}}},"$version":2}""");
        node.StoreReported();

        node.Patch("""{"climate":{"filters":{"temperature":{"20_delta":null},"pressure":{"10_multiply":2}}},"$version":3}""");

        Same("""{"value":{"temperature":{"10_offset":-0.5},"pressure":{"10_multiply":2}},"ac":200,"av":3,"ad":"in force"}""", node.Reported()["climate"]!["filters"]);
        Assert.Equal("10_offset", Assert.Single(node.Climate.Setting.Filters.Settings["temperature"].Steps).Key);
    }

    [Fact]
    public void A_bad_chain_is_refused_with_place_and_remedy_and_the_chain_in_force_is_reported()
    {
        using var node = new TestNode();
        node.Connect("""{"climate":{"filters":{"temperature":{"10_offset":-0.5}}},"$version":2}""");
        node.StoreReported();

        node.Patch("""{"climate":{"filters":{"temperature":{"20_median":{"window_size":-1}}},"interval":"2s"},"$version":3}""");

        JsonNode ack = node.Reported()["climate"]!["filters"]!;
        Same("""{"temperature":{"10_offset":-0.5}}""", ack["value"]);
        Assert.Equal((400, 3), ((int)ack["ac"]!, (int)ack["av"]!));
        Assert.StartsWith("filters.temperature.20_median.window_size: ", (string)ack["ad"]!, StringComparison.Ordinal);
        Assert.Equal("PT5S", (string)node.Reported()["climate"]!["interval"]!["value"]!); // Atomic: the sibling waits.

        node.StoreReported();
        node.Patch("""{"climate":{"filters":{"temperature":{"20_median":null}}},"$version":4}""");

        Assert.Equal((200, 4), ((int)node.Reported()["climate"]!["filters"]!["ac"]!, (int)node.Reported()["climate"]!["filters"]!["av"]!));
        Assert.Equal("PT2S", (string)node.Reported()["climate"]!["interval"]!["value"]!);
    }

    [Fact]
    public void What_was_refused_stays_refused_until_it_is_taken_back_although_a_patch_names_only_what_changed()
    {
        using var node = new TestNode();
        node.Connect("""{"climate":{"filters":{"warmth":{"10_offset":1}}},"$version":2}""");
        node.StoreReported();

        node.Patch("""{"climate":{"filters":{"temperature":{"10_offset":1}}},"$version":3}""");
        Assert.Equal(400, (int)node.Reported()["climate"]!["filters"]!["ac"]!);
        node.StoreReported();
        node.Patch("""{"climate":{"filters":{"warmth":null}},"$version":4}""");

        Same("""{"value":{"temperature":{"10_offset":1}},"ac":200,"av":4,"ad":"in force"}""", node.Reported()["climate"]!["filters"]);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("\"median\"")]
    [InlineData("[1]")]
    [InlineData("true")]
    [InlineData("""{"temperature":5}""")]
    [InlineData("""{"temperature":{"median":5}}""")]
    public void What_is_no_map_of_filters_is_refused(string desired)
    {
        using var node = new TestNode();
        node.Connect();
        node.StoreReported();

        node.Patch($$"""{"climate":{"filters":{{desired}}},"$version":2}""");

        Same("{}", node.Reported()["climate"]!["filters"]!["value"]);
        Assert.Equal(400, (int)node.Reported()["climate"]!["filters"]!["ac"]!);
    }

    [Fact]
    public void Filters_and_calendar_outlive_a_restart_without_the_hub()
    {
        using var folder = new TemporaryFolder();
        using (var before = new TestNode(folder))
        {
            before.Connect("""{"climate":{"filters":{"temperature":{"10_offset":-2}},"cron":"*/5 * * * *"},"$version":2}""");
        }

        using var after = new TestNode(folder);
        after.Twin.ApplyLastGood();

        Assert.Equal("10_offset", Assert.Single(after.Climate.Setting.Filters.Settings["temperature"].Steps).Key);
        Assert.Equal("*/5 * * * *", after.Climate.Setting.Cron!.Text);
    }

    [Theory]
    [InlineData("\"*/5 * * * *\"", 200, "*/5 * * * *")]
    [InlineData("\"\"", 200, "")]
    [InlineData("null", 203, "")]
    [InlineData("\"often\"", 400, "")]
    [InlineData("5", 400, "")]
    public void A_calendar_is_answered_with_the_one_in_force(string desired, int code, string inForce)
    {
        using var node = new TestNode();
        node.Connect("""{"climate":{"cron":"0 * * * *"},"$version":1}""");
        node.StoreReported();
        node.Patch("""{"climate":{"cron":null},"$version":2}""");
        node.StoreReported();

        node.Patch($$"""{"climate":{"cron":{{desired}}},"$version":3}""");

        JsonNode ack = node.Reported()["climate"]!["cron"]!;
        Assert.Equal((code, inForce), ((int)ack["ac"]!, (string)ack["value"]!));
    }

    private static void Same(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}, got {actual?.ToJsonString()}");
}
