using System.Text.Json.Nodes;
using Interop.NodeSdk.Support;

namespace Interop.NodeSdk;

/// <summary>The digital twin client of the service SDK.</summary>
public sealed class DigitalTwinTests(SdkPackages sdk)
{
    [Fact]
    public async Task A_digital_twin_is_read_changed_and_commanded()
    {
        await using InteropHub hub = await InteropHub.StartAsync(sdk);
        await using NodeScript script = hub.Run("digital-twin.js");

        JsonNode findings = await script.FindingsAsync();

        JsonNode twin = findings["twin"]!["body"]!;
        Assert.Equal(("dev-01", "dtmi:com:example:Thermostat;1", "x", 7), ((string?)twin["$dtId"], (string?)twin["$metadata"]!["$model"], (string?)twin["serial"], (int)twin["pump"]!["hours"]!));
        Assert.Equal(20, (int)twin["$metadata"]!["target"]!["desiredValue"]!);
        Assert.Equal((207, 5), ((int)findings["command"]!["status"]!, (int)findings["command"]!["body"]!["delay"]!));
        Assert.Equal((200, "started"), ((int)findings["ofComponent"]!["status"]!, (string?)findings["ofComponent"]!["body"]));
        Assert.Equal("\"AAAAAAAAAAI=\"", (string?)findings["twin"]!["eTag"]);
        Assert.Equal(404, (int)findings["missing"]!["status"]!);
    }
}
