using System.Net;
using System.Text.Json.Nodes;
using MQTTnet;

namespace HubEmulator.Tests.Live;

public sealed class ModuleTests
{
    private const string Path = "/devices/dev-01/modules/modA";
    private const string Body = $$$$"""{"deviceId":"dev-01","moduleId":"modA","authentication":{"type":"sas","symmetricKey":{"primaryKey":"{{{{ModuleKey}}}}","secondaryKey":""}}}""";
    private const string ModuleKey = "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=";

    [Fact]
    public async Task A_module_has_its_own_connection_and_its_telemetry_names_it()
    {
        await using TestHub hub = await StartAsync();
        await using TestDevice device = await hub.ConnectAsync();
        await using TestDevice module = await ConnectAsync(hub);

        await module.PublishAsync("devices/dev-01/modules/modA/messages/events/%24.on=out/", "1");
        await device.PublishAsync("devices/dev-01/messages/events/", "2"); // still connected beside its module

        ReceivedTelemetry[] messages = [.. hub.Hub.Telemetry.Snapshot()];
        Assert.Equal([("dev-01", "modA"), ("dev-01", null)], messages.Select(message => (message.DeviceId, message.ModuleId)));
        Assert.Equal("out", messages[0].SystemProperties["$.on"]);
        Assert.Equal(("dev-01", "modA"), (messages[0].Annotations["iothub-connection-device-id"], messages[0].Annotations["iothub-connection-module-id"]));
        Assert.Equal("""{"scope":"module","type":"sas","issuer":"iothub"}""", messages[0].Annotations["iothub-connection-auth-method"]);
        Assert.False(messages[1].Annotations.ContainsKey("iothub-connection-module-id"));
    }

    [Fact]
    public async Task A_module_has_its_own_twin_and_methods()
    {
        await using TestHub hub = await StartAsync();
        await using TestDevice module = await ConnectAsync(hub);
        await module.SubscribeAsync("$iothub/twin/PATCH/properties/desired/#");
        await module.SubscribeAsync("$iothub/methods/POST/#");
        await module.SubscribeAsync("devices/dev-01/modules/modA/inputs/#");

        await hub.CallAsync(HttpMethod.Patch, "/twins/dev-01/modules/modA", """{"properties":{"desired":{"x":1}}}""");
        (string push, string content) = await module.NextAsync();
        await module.PublishAsync("$iothub/twin/PATCH/properties/reported/?$rid=1", """{"y":2}""");
        (_, JsonNode? twin, _) = await hub.CallAsync(HttpMethod.Get, "/twins/dev-01/modules/modA");
        (_, JsonNode? deviceTwin, _) = await hub.CallAsync(HttpMethod.Get, "/twins/dev-01");
        var call = hub.CallAsync(HttpMethod.Post, "/twins/dev-01/modules/modA/methods", """{"methodName":"blink","payload":3}""");
        (string topic, string payload) = await module.NextAsync();
        await module.PublishAsync($"$iothub/methods/res/200/?{topic[topic.IndexOf("$rid=", StringComparison.Ordinal)..]}", "4");
        (HttpStatusCode called, JsonNode? result, _) = await call;

        Assert.Equal(("$iothub/twin/PATCH/properties/desired/?$version=2", """{"x":1,"$version":2}"""), (push, content));
        Assert.Equal(("dev-01", "modA"), ((string?)twin!["deviceId"], (string?)twin["moduleId"]));
        Assert.Equal((1, 2), ((int)twin["properties"]!["desired"]!["x"]!, (int)twin["properties"]!["reported"]!["y"]!));
        Assert.Null(deviceTwin!["properties"]!["desired"]!["x"]);
        Assert.False(deviceTwin.AsObject().ContainsKey("moduleId"));
        Assert.StartsWith("$iothub/methods/POST/blink/?$rid=", topic, StringComparison.Ordinal);
        Assert.Equal(("3", HttpStatusCode.OK, 4), (payload, called, (int)result!["payload"]!));
    }

    [Fact]
    public async Task Modules_are_listed_updated_and_deleted_beside_their_device()
    {
        await using TestHub hub = await StartAsync();
        (HttpStatusCode again, _, _) = await hub.CallAsync(HttpMethod.Put, Path, Body);
        (HttpStatusCode orphan, _, _) = await hub.CallAsync(HttpMethod.Put, "/devices/dev-99/modules/modA", "{}");
        (HttpStatusCode misnamed, _, _) = await hub.CallAsync(HttpMethod.Put, "/devices/dev-01/modules/modB", Body);
        (_, JsonNode? updated, _) = await hub.CallAsync(HttpMethod.Put, Path, "{}", ifMatch: "*");
        (_, JsonNode? list, _) = await hub.CallAsync(HttpMethod.Get, "/devices/dev-01/modules");
        (_, JsonNode? devices, _) = await hub.CallAsync(HttpMethod.Get, "/devices");
        (HttpStatusCode stale, _, _) = await hub.CallAsync(HttpMethod.Delete, Path, ifMatch: "\"MQ==\"");
        (HttpStatusCode deleted, _, _) = await hub.CallAsync(HttpMethod.Delete, Path, ifMatch: "*");
        (HttpStatusCode gone, _, HttpResponseMessage message) = await hub.CallAsync(HttpMethod.Get, Path);

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.NotFound, HttpStatusCode.BadRequest), (again, orphan, misnamed));
        Assert.Equal(ModuleKey, (string?)updated!["authentication"]!["symmetricKey"]!["primaryKey"]); // kept
        Assert.Equal(["modA"], list!.AsArray().Select(module => (string?)module!["moduleId"]));
        Assert.Equal(["dev-01", "dev-02"], devices!.AsArray().Select(device => (string?)device!["deviceId"]));
        Assert.Equal((HttpStatusCode.PreconditionFailed, HttpStatusCode.NoContent, HttpStatusCode.NotFound), (stale, deleted, gone));
        Assert.Equal("ModuleNotFound", message.Headers.GetValues("iothub-errorcode").Single());
        Assert.Equal(["dev-01", "dev-02"], hub.Hub.DeviceIds);
    }

    [Fact]
    public async Task Who_manages_a_module_is_told_until_another_is_named()
    {
        await using TestHub hub = await StartAsync();
        (_, JsonNode? made, _) = await hub.CallAsync(HttpMethod.Put, "/devices/dev-01/modules/modB", """{"managedBy":"iotEdge"}""");
        (_, JsonNode? kept, _) = await hub.CallAsync(HttpMethod.Put, "/devices/dev-01/modules/modB", "{}", ifMatch: "*");
        (_, JsonNode? twin, _) = await hub.CallAsync(HttpMethod.Get, "/twins/dev-01/modules/modB");
        (_, JsonNode? changed, _) = await hub.CallAsync(HttpMethod.Put, "/devices/dev-01/modules/modB", """{"managedBy":"me"}""", ifMatch: "*");
        (HttpStatusCode tooLong, _, _) = await hub.CallAsync(HttpMethod.Put, "/devices/dev-01/modules/modB", $$"""{"managedBy":"{{new string('x', 129)}}"}""", ifMatch: "*");

        Assert.All([made, kept, twin], answer => Assert.Equal("iotEdge", (string?)answer!["managedBy"]));
        Assert.Equal("me", (string?)changed!["managedBy"]);
        Assert.Equal(HttpStatusCode.BadRequest, tooLong);
    }

    [Fact]
    public async Task A_device_has_fifty_modules_at_most()
    {
        await using TestHub hub = await StartAsync();
        for (int count = 2; count <= 50; count++)
        {
            Assert.Equal(HttpStatusCode.OK, (await hub.CallAsync(HttpMethod.Put, $"/devices/dev-01/modules/mod{count}", "{}")).Status);
        }

        (HttpStatusCode status, _, HttpResponseMessage message) = await hub.CallAsync(HttpMethod.Put, "/devices/dev-01/modules/mod51", "{}");
        (HttpStatusCode other, _, _) = await hub.CallAsync(HttpMethod.Put, "/devices/dev-02/modules/mod1", "{}");

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (status, other));
        Assert.Equal("TooManyModulesOnDevice", message.Headers.GetValues("iothub-errorcode").Single());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_module_goes_with_its_device_and_stays_out_while_that_is_disabled(bool delete)
    {
        await using TestHub hub = await StartAsync();
        await using TestDevice module = await ConnectAsync(hub);

        await hub.CallAsync(delete ? HttpMethod.Delete : HttpMethod.Put, "/devices/dev-01", delete ? null : """{"status":"disabled"}""", ifMatch: "*");
        await module.WhenLost();
        MqttClientConnectResultCode refusal = await TestDevice.RefusalAsync(Options(hub).Build());
        (HttpStatusCode known, _, _) = await hub.CallAsync(HttpMethod.Get, Path);

        Assert.Equal(MqttClientConnectResultCode.NotAuthorized, refusal);
        Assert.Equal(delete ? HttpStatusCode.NotFound : HttpStatusCode.OK, known);
    }

    [Theory]
    [InlineData("key of the device")]
    [InlineData("token of the device")]
    [InlineData("client id of the device")]
    [InlineData("another module")]
    public async Task What_does_not_fit_a_module_is_refused(string fault)
    {
        await using TestHub hub = await StartAsync();
        MqttClientOptionsBuilder options = fault switch
        {
            "key of the device" => Options(hub, token: Token(hub, TestHub.Key)),
            "token of the device" => Options(hub, token: hub.DeviceToken()),
            "client id of the device" => Options(hub).WithClientId("dev-01"),
            _ => Options(hub, module: "modB"),
        };

        Assert.Equal(MqttClientConnectResultCode.NotAuthorized, await TestDevice.RefusalAsync(options.Build()));
    }

    [Theory]
    [InlineData("devices/dev-01/messages/events/")]
    [InlineData("devices/dev-01/modules/modB/messages/events/")]
    public async Task A_module_does_not_speak_for_its_device_or_another_module(string topic)
    {
        await using TestHub hub = await StartAsync();
        await using TestDevice module = await ConnectAsync(hub);

        Task publish = module.PublishAsync(topic);

        await module.WhenLost();
        await Assert.ThrowsAnyAsync<Exception>(() => publish);
        Assert.Equal(0, hub.Hub.Telemetry.Received);
    }

    [Fact]
    public async Task A_hub_started_again_knows_its_modules()
    {
        string folder = Directory.CreateTempSubdirectory("hub-tests-").FullName;
        try
        {
            await using (await StartAsync(folder))
            {
            }

            await using TestHub after = await TestHub.StartAsync(new LocalHubOptions { DataFolder = folder });
            await using TestDevice module = await ConnectAsync(after);

            Assert.Equal(MqttClientConnectResultCode.Success, module.Connected.ResultCode);
            Assert.Equal($"HostName=hub.localhost;DeviceId=dev-01;ModuleId=modA;SharedAccessKey={ModuleKey}", after.Hub.ModuleConnectionString("dev-01", "modA"));
            Assert.Equal(["dev-01", "dev-02"], after.Hub.DeviceIds);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<TestHub> StartAsync(string? folder = null)
    {
        TestHub hub = await TestHub.StartAsync(new LocalHubOptions { DataFolder = folder, Devices = [new LocalDevice(TestHub.DeviceId, TestHub.Key), new LocalDevice("dev-02")] });
        Assert.Equal(HttpStatusCode.OK, (await hub.CallAsync(HttpMethod.Put, Path, Body)).Status);
        return hub;
    }

    private static Task<TestDevice> ConnectAsync(TestHub hub) => TestDevice.ConnectAsync(Options(hub).Build());

    private static MqttClientOptionsBuilder Options(TestHub hub, string module = "modA", string? token = null) =>
        hub.Options($"dev-01/{module}", token: token ?? Token(hub, ModuleKey, module));

    private static string Token(TestHub hub, string key, string module = "modA") => hub.DeviceToken($"dev-01/modules/{module}", key);
}
