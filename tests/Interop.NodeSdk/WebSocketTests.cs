using System.Text.Json.Nodes;
using Interop.NodeSdk.Support;

namespace Interop.NodeSdk;

public sealed class WebSocketTests(Support.NodeSdk sdk)
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

    [Fact]
    public async Task A_dropped_web_socket_comes_back_with_everything_that_was_on()
    {
        await using InteropHub hub = await InteropHub.StartAsync(sdk);
        await using NodeScript script = hub.Run("features.js", ("TRANSPORT", "ws"), ("HUB_MQTT_PORT", "1"));
        await script.ReachesAsync("connected");

        await hub.Hub.StopListeningAsync();
        await hub.Hub.ResumeListeningAsync();
        await script.ProceedAsync();
        await script.ReachesAsync("expecting a message");
        Assert.True(hub.Hub.TrySendMessage(InteropHub.DeviceId, new HubEmulator.C2dMessage { MessageId = "second" }));
        JsonNode findings = await script.FindingsAsync();

        Assert.Equal("after", Assert.Single(hub.Hub.Telemetry.Snapshot()).Text());
        findings["method"].IsJson("""{"status":200,"payload":{"round":2}}""");
    }
}
