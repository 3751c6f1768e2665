using System.Text.Json.Nodes;
using HubEmulator;
using Interop.NodeSdk.Support;

namespace Interop.NodeSdk;

public sealed class ConnectionTests(SdkPackages sdk)
{
    [Fact]
    public async Task A_device_needs_nothing_but_the_gateway_name_and_its_ca_option()
    {
        await using InteropHub hub = await InteropHub.StartAsync(sdk);
        await using NodeScript script = hub.Run("connect-by-gateway.js", ("NODE_EXTRA_CA_CERTS", ""));

        JsonNode findings = await script.FindingsAsync();

        Assert.Equal(0, (int)findings["redirected"]!);
        Assert.Equal("""{"t":1}""", Assert.Single(hub.Hub.Telemetry.Snapshot()).Text());
    }

    [Theory]
    [InlineData("wrong key", "SharedAccessKey=ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=;HostName=hub.localhost;DeviceId=dev-01")]
    [InlineData("no such device", "SharedAccessKey=ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=;HostName=hub.localhost;DeviceId=nobody")]
    public async Task A_refused_device_is_told_that_it_is_not_authorised(string fault, string connectionString)
    {
        await using InteropHub hub = await InteropHub.StartAsync(sdk);
        await using NodeScript script = hub.Run("refused.js", ("DEVICE_CONNECTION_STRING", connectionString));

        JsonNode error = await script.FindingsAsync();

        Assert.True((string?)error["name"] == "UnauthorizedError", $"{fault}: {error}");
        Assert.Contains("Connection refused: Not authorized", (string)error["message"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tcp")]
    [InlineData("ws")]
    public async Task A_dropped_connection_comes_back_by_itself_with_everything_that_was_on(string transport)
    {
        await using InteropHub hub = await InteropHub.StartAsync(sdk);
        await using NodeScript script = hub.Run("features.js", ("TRANSPORT", transport));
        await script.ReachesAsync("connected");

        await hub.Hub.StopListeningAsync();
        Assert.True(hub.Hub.TrySendMessage(InteropHub.DeviceId, new C2dMessage { MessageId = "first" }));
        await hub.Hub.ResumeListeningAsync();
        JsonNode findings = await FinishAsync(hub, script);

        AssertEverythingArrived(hub, findings, "after");
        Assert.Equal(["first", "second"], findings["messages"]!.AsArray().Select(id => (string)id!));
    }

    [Fact]
    public async Task A_renewed_token_keeps_the_subscriptions_of_the_session()
    {
        await using InteropHub hub = await InteropHub.StartAsync(sdk);
        await using NodeScript script = hub.Run("features.js", ("RENEW", "yes"));
        await script.ReachesAsync("connected");

        JsonNode findings = await FinishAsync(hub, script);

        Assert.Equal(2, (int)findings["connections"]!);
        AssertEverythingArrived(hub, findings, "renewed", "after");
        Assert.Equal(["second"], findings["messages"]!.AsArray().Select(id => (string)id!));
    }

    [Fact]
    public async Task A_device_disabled_while_connected_is_dropped_refused_and_welcome_again_when_enabled()
    {
        await using InteropHub hub = await InteropHub.StartAsync(sdk);
        await using NodeScript script = hub.Run("disabled.js");

        JsonNode findings = await script.FindingsAsync();

        Assert.Equal("NotConnectedError", (string)findings["loss"]!["name"]!);
        Assert.Contains("Not authorized", (string)findings["refusal"]!["message"]!, StringComparison.Ordinal);
        Assert.Equal(["before", "after"], hub.Hub.Telemetry.Snapshot().Select(message => message.Text()));
    }

    private static async Task<JsonNode> FinishAsync(InteropHub hub, NodeScript script)
    {
        await script.ProceedAsync();
        await script.ReachesAsync("expecting a message");
        Assert.True(hub.Hub.TrySendMessage(InteropHub.DeviceId, new C2dMessage { MessageId = "second" }));
        return await script.FindingsAsync();
    }

    private static void AssertEverythingArrived(InteropHub hub, JsonNode findings, params string[] telemetry)
    {
        Assert.Equal(telemetry, hub.Hub.Telemetry.Snapshot().Select(message => message.Text()));
        findings["method"].IsJson("""{"status":200,"payload":{"round":2}}""");
        Assert.Equal(2, (int)findings["desired"]!.AsArray()[^1]!);
    }
}
