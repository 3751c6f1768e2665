using System.Text.Json.Nodes;
using Interop.NodeSdk.Support;

namespace Interop.NodeSdk;

public sealed class WebSocketTests(SdkPackages sdk)
{
    [Fact]
    public async Task Telemetry_twin_and_methods_work_over_the_web_socket()
    {
        await using InteropHub hub = await InteropHub.StartAsync(sdk);
        await using NodeScript script = hub.Run("web-socket.js", ("TRANSPORT", "ws"), ("HUB_MQTT_PORT", "1")); // nothing listens there: all goes over HTTPS

        JsonNode findings = await script.FindingsAsync();

        Assert.Equal(findings["bodies"]!.AsArray().Select(body => (string)body!), hub.Hub.Telemetry.Snapshot().Select(message => message.Text()));
        Assert.Equal("ws", (string)findings["reported"]!);
        Assert.Equal(100_000, (int)findings["method"]!);
    }
}
