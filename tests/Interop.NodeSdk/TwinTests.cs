using System.Text.Json.Nodes;
using Interop.NodeSdk.Support;

namespace Interop.NodeSdk;

public sealed class TwinTests(SdkPackages sdk)
{
    [Fact]
    public async Task A_twin_is_read_reported_pushed_and_merged_on_both_sides()
    {
        await using InteropHub hub = await InteropHub.StartAsync(sdk);
        await using NodeScript script = hub.Run("twin.js");

        JsonNode findings = await script.FindingsAsync();

        findings["fresh"].IsJson("""{"desired":{"$version":1},"reported":{"$version":1}}""");
        Assert.Contains("$version", (string)findings["refusal"]!["message"]!, StringComparison.Ordinal);
        findings["merged"].IsJson("""{"climate":{"interval":5},"$version":3}""");
        findings["read"].IsJson("""{"desired":{"climate":{"interval":5},"$version":3},"reported":{"firmware":{"version":"1.0"},"list":[3],"$version":3}}""");
        findings["leaves"].IsJson("[5]");
        AssertServiceSide(findings["service"]!);
    }

    [Fact]
    public async Task What_changed_while_the_device_was_away_is_read_and_not_pushed_again()
    {
        await using InteropHub hub = await InteropHub.StartAsync(sdk);
        await using NodeScript script = hub.Run("twin-gap.js");

        JsonNode findings = await script.FindingsAsync();

        Assert.Equal(1, (int)findings["before"]!);
        findings["read"].IsJson("""{"interval":2,"$version":3}""");
        findings["versions"].IsJson("[3,4]");
    }

    private static void AssertServiceSide(JsonNode twin)
    {
        Assert.Equal(InteropHub.DeviceId, (string)twin["deviceId"]!);
        Assert.Equal("lab", (string)twin["tags"]!["site"]!);
        JsonNode reported = twin["properties"]!["reported"]!;
        reported["firmware"].IsJson("""{"version":"1.0"}""");
        Assert.Equal(3, (int)reported["$version"]!);
        Assert.NotNull(reported["$metadata"]!["firmware"]!["version"]!["$lastUpdated"]);
        Assert.Null(reported["$metadata"]!["old"]);
        Assert.Equal(2, (int)twin["properties"]!["desired"]!["$metadata"]!["climate"]!["interval"]!["$lastUpdatedVersion"]!);
    }
}
