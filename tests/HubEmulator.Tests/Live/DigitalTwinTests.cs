using System.Net;
using System.Text.Json.Nodes;

namespace HubEmulator.Tests.Live;

/// <summary>The digital twin interface over twins and methods.</summary>
public sealed class DigitalTwinTests
{
    [Fact]
    public async Task Reported_values_are_shown_with_what_was_asked_and_acknowledged_and_components_by_themselves()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await TestDevice.ConnectAsync(hub.Options(userName: $"{hub.Hub.HostName}/dev-01/?api-version=2021-04-12&model-id=dtmi%3Aa%3Ab%3B1").Build());
        await device.SubscribeAsync("$iothub/twin/res/#");
        await hub.CallAsync(HttpMethod.Patch, "/twins/dev-01", """{"properties":{"desired":{"target":20,"pump":{"__t":"c","speed":3}}}}""");
        await device.PublishAsync("$iothub/twin/PATCH/properties/reported/?$rid=1", """{"serial":"x","target":{"value":19,"ac":202,"av":2,"ad":"soon"},"pump":{"__t":"c","hours":7}}""");
        await device.NextAsync();

        (HttpStatusCode status, JsonNode? twin, HttpResponseMessage answer) = await hub.CallAsync(HttpMethod.Get, "/digitaltwins/dev-01");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("\"AAAAAAAAAAI=\"", answer.Headers.ETag!.Tag);
        Assert.Equal(("dev-01", "dtmi:a:b;1", "x", 19), ((string?)twin!["$dtId"], (string?)twin["$metadata"]!["$model"], (string?)twin["serial"], (int)twin["target"]!));
        JsonNode target = twin["$metadata"]!["target"]!;
        Assert.Equal((20, 2, 2, 202, "soon"), ((int)target["desiredValue"]!, (int)target["desiredVersion"]!, (int)target["ackVersion"]!, (int)target["ackCode"]!, (string?)target["ackDescription"]));
        Assert.Equal((7, 3), ((int)twin["pump"]!["hours"]!, (int)twin["pump"]!["$metadata"]!["speed"]!["desiredValue"]!));
        Assert.False(twin["pump"]!.AsObject().ContainsKey("__t"));
        Assert.False(twin["$metadata"]!.AsObject().ContainsKey("pump"));
    }

    [Fact]
    public async Task A_patch_becomes_desired_properties_that_the_device_hears_of()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();
        await device.SubscribeAsync("$iothub/twin/PATCH/properties/desired/#");

        (HttpStatusCode done, _, HttpResponseMessage answer) = await hub.CallAsync(
            HttpMethod.Patch, "/digitaltwins/dev-01",
            """[{"op":"add","path":"/target","value":20},{"op":"replace","path":"/pump/speed","value":3},{"op":"remove","path":"/old"},{"op":"add","path":"/valve","value":{"$metadata":{},"open":true}}]""");
        (_, string push) = await device.NextAsync();
        (HttpStatusCode stale, _, _) = await hub.CallAsync(HttpMethod.Patch, "/digitaltwins/dev-01", """[{"op":"add","path":"/a","value":1}]""", ifMatch: "\"AAAAAAAAAAE=\"");

        Assert.Equal((HttpStatusCode.Accepted, "/digitaltwins/dev-01"), (done, answer.Headers.Location!.ToString()));
        Assert.Equal("\"AAAAAAAAAAI=\"", answer.Headers.ETag!.Tag);
        Assert.Equal("""{"target":20,"pump":{"__t":"c","speed":3},"old":null,"valve":{"open":true,"__t":"c"},"$version":2}""", push);
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[5]")]
    [InlineData("[{}]")]
    [InlineData("""[{"op":"add","path":"/a"}]""")]
    [InlineData("""[{"op":"move","path":"/a","from":"/b"}]""")]
    [InlineData("""[{"op":"add","path":"a","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/a/b/c","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/","value":1}]""")]
    [InlineData("[{")]
    public async Task A_patch_that_is_none_is_refused(string patch)
    {
        await using TestHub hub = await TestHub.StartAsync();

        (HttpStatusCode status, _, HttpResponseMessage answer) = await hub.CallAsync(HttpMethod.Patch, "/digitaltwins/dev-01", patch);

        Assert.Equal((HttpStatusCode.BadRequest, "ArgumentInvalid"), (status, answer.Headers.GetValues("iothub-errorcode").Single()));
    }

    [Theory]
    [InlineData("/digitaltwins/dev-01/commands/reboot?responseTimeoutInSeconds=10", "reboot")]
    [InlineData("/digitaltwins/dev-01/components/pump/commands/start", "pump*start")]
    public async Task A_command_is_a_method_call_whose_status_stands_in_a_header(string path, string method)
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();
        await device.SubscribeAsync("$iothub/methods/POST/#");

        var call = hub.CallAsync(HttpMethod.Post, path, """{"delay":5}""");
        (string topic, string payload) = await device.NextAsync();
        await device.PublishAsync($"$iothub/methods/res/207/?{topic[topic.IndexOf("$rid=", StringComparison.Ordinal)..]}", """{"ok":true}""");
        (HttpStatusCode status, JsonNode? body, HttpResponseMessage answer) = await call;

        Assert.StartsWith($"$iothub/methods/POST/{method}/?$rid=", topic, StringComparison.Ordinal);
        Assert.Equal(("""{"delay":5}""", HttpStatusCode.OK, """{"ok":true}""", "207"), (payload, status, body!.ToJsonString(), answer.Headers.GetValues("x-ms-command-statuscode").Single()));
    }

    [Theory]
    [InlineData("/digitaltwins/dev-01/commands/reboot", HttpStatusCode.NotFound, "DeviceNotOnline")]
    [InlineData("/digitaltwins/dev-99/commands/reboot", HttpStatusCode.NotFound, "DeviceNotFound")]
    [InlineData("/digitaltwins/dev-01/commands/reboot?connectTimeoutInSeconds=301", HttpStatusCode.BadRequest, "ArgumentInvalid")]
    [InlineData("/digitaltwins/dev-01/commands/reboot?responseTimeoutInSeconds=x", HttpStatusCode.BadRequest, "ArgumentInvalid")]
    public async Task A_command_that_cannot_be_is_refused_as_a_method_is(string path, HttpStatusCode expected, string name)
    {
        await using TestHub hub = await TestHub.StartAsync();

        (HttpStatusCode status, _, HttpResponseMessage answer) = await hub.CallAsync(HttpMethod.Post, path, "1");

        Assert.Equal((expected, name), (status, answer.Headers.GetValues("iothub-errorcode").Single()));
    }
}
