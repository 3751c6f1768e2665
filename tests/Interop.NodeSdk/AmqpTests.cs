using System.Text.Json.Nodes;
using HubEmulator;
using Interop.NodeSdk.Support;

namespace Interop.NodeSdk;

public sealed class AmqpTests(SdkPackages sdk)
{
    [Theory]
    [InlineData("tcp")]
    [InlineData("ws")]
    public async Task Messages_go_out_and_their_feedback_comes_back(string transport)
    {
        await using InteropHub hub = await StartAsync();
        await using NodeScript script = hub.Run("service-messages.js", ("TRANSPORT", transport));

        JsonNode findings = await script.FindingsAsync();

        string[] ids = ["first", "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "last"];
        Assert.Equal(ids, findings["taken"]!.AsArray().Select(message => (string)message!["id"]!));
        Assert.Equal("21 °C", (string)findings["taken"]![0]!["text"]!);
        Assert.Contains(
            findings["taken"]![0]!["properties"]!.AsArray(),
            property => JsonNode.DeepEquals(property, JsonNode.Parse("""{"key":"a&b","value":"50%=half /x"}""")));
        Assert.Equal(ids.Select(id => (id, "Success")), findings["records"]!.AsArray().Select(record => ((string)record!["originalMessageId"]!, (string)record["statusCode"]!)));
        Assert.Equal("DeviceNotFoundError", (string)findings["unknown"]!["name"]!);
        Assert.Equal("DeviceMaximumQueueDepthExceededError", (string)findings["full"]!["name"]!);
    }

    [Fact]
    public async Task An_upload_is_told_to_the_service()
    {
        await using InteropHub hub = await StartAsync();
        await using NodeScript script = hub.Run("file-notification.js");

        JsonNode notification = (await script.FindingsAsync())["notification"]!;

        Assert.Equal((InteropHub.DeviceId, "dev-01/logs/run.bin", 5), ((string)notification["deviceId"]!, (string)notification["blobName"]!, (int)notification["blobSizeInBytes"]!));
    }

    [Theory]
    [InlineData("tcp")]
    [InlineData("ws")]
    public async Task Telemetry_is_read_at_the_built_in_endpoint_in_order_and_with_the_hubs_annotations(string transport)
    {
        await using InteropHub hub = await StartAsync();
        await using NodeScript script = hub.Run("events.js", ("TRANSPORT", transport));

        JsonNode findings = await script.FindingsAsync();

        JsonArray events = findings["events"]!.AsArray();
        Assert.Equal(4, findings["partitions"]!.AsArray().Count);
        Assert.Equal(Enumerable.Range(1, 20), events.Select(one => (int)one!["body"]!["number"]!));
        Assert.Single(events.Select(one => (string)one!["partition"]!).Distinct());
        Assert.Equal((int)findings["last"]!, (int)events[^1]!["sequenceNumber"]!);
        Assert.All(events, one => one!["properties"].IsJson("""{"a&b":"50%=half"}"""));
        Assert.Equal(("m-1", "application/json"), ((string)events[0]!["messageId"]!, (string)events[0]!["contentType"]!));
        JsonNode annotations = events[0]!["systemProperties"]!;
        Assert.Equal(InteropHub.DeviceId, (string)annotations["iothub-connection-device-id"]!);
        Assert.Equal("""{"scope":"device","type":"sas","issuer":"iothub"}""", (string)annotations["iothub-connection-auth-method"]!);
        Assert.Equal("Telemetry", (string)annotations["iothub-message-source"]!);
    }

    private Task<InteropHub> StartAsync() => InteropHub.StartAsync(
        sdk, new LocalHubOptions { Devices = [new LocalDevice(InteropHub.DeviceId, InteropHub.Key), new LocalDevice("dev-02")] });
}
