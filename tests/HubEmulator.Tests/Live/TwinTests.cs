using System.Net;
using System.Text.Json.Nodes;

namespace HubEmulator.Tests.Live;

public sealed class TwinTests
{
    private const string Reported = "$iothub/twin/PATCH/properties/reported/";

    [Fact]
    public async Task A_reported_patch_is_stored_versioned_and_visible_to_services()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();
        await device.SubscribeAsync("$iothub/twin/res/#");

        await device.PublishAsync($"{Reported}?$rid=a1", """{"a":1,"b":{"c":2,"d":3},"e":[1,2]}""");
        (string firstTopic, string firstPayload) = await device.NextAsync();
        await device.PublishAsync($"{Reported}?$rid=a2", """{"a":null,"b":{"c":null,"x":5},"e":[9],"zz":null}""");
        (string secondTopic, _) = await device.NextAsync();
        (HttpStatusCode status, JsonNode? twin, _) = await hub.CallAsync(HttpMethod.Get, "/twins/dev-01");

        Assert.Equal("$iothub/twin/res/204/?$rid=a1&$version=2", firstTopic);
        Assert.Equal("", firstPayload);
        Assert.Equal("$iothub/twin/res/204/?$rid=a2&$version=3", secondTopic);
        Assert.Equal(HttpStatusCode.OK, status);
        JsonObject reported = twin!["properties"]!["reported"]!.AsObject();
        Assert.Equal(["d", "x"], reported["b"]!.AsObject().Select(member => member.Key));
        Assert.Equal("[9]", reported["e"]!.ToJsonString());
        Assert.False(reported.ContainsKey("a"));
        Assert.Equal(3, (int)reported["$version"]!);
        Assert.False(reported["$metadata"]!.AsObject().ContainsKey("a"));
        Assert.NotNull(reported["$metadata"]!["b"]!["x"]!["$lastUpdated"]);
        Assert.Null(reported["$metadata"]!["e"]!["$lastUpdatedVersion"]);
        Assert.Equal("Connected", (string)twin["connectionState"]!);
    }

    [Theory]
    [InlineData("""{"a":1""", "400", 400006)]
    [InlineData("[1]", "400", 400004)]
    [InlineData("", "400", 400006)]
    [InlineData("""{"$version":1}""", "400", 400004)]
    [InlineData("""{"a.b":1}""", "400", 400004)]
    [InlineData("""{"a":[null]}""", "400", 400004)]
    [InlineData("""{"a":4503599627370496}""", "400", 400004)]
    [InlineData("""{"\ud800":1}""", "400", 400006)]
    [InlineData("""{"a":1,"a":2}""", "400", 400006)]
    public async Task A_patch_that_breaks_a_rule_is_answered_with_status_and_body(string patch, string status, int code)
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();
        await device.SubscribeAsync("$iothub/twin/res/#");

        await device.PublishAsync($"{Reported}?$rid=x", patch);
        (string topic, string payload) = await device.NextAsync();

        Assert.Equal($"$iothub/twin/res/{status}/?$rid=x", topic);
        JsonNode body = JsonNode.Parse(payload)!;
        Assert.Equal(code, (int)body["errorCode"]!);
        Assert.NotEqual("", (string)body["message"]!);
        Assert.NotNull(body["trackingId"]);
        Assert.EndsWith("Z", (string)body["timestampUtc"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"properties":{"desired":{"a":"#"}}}""", 9)]
    [InlineData("""{"tags":{"a":"#"}}""", 3)]
    public async Task A_service_that_wants_too_large_a_twin_hears_of_an_invalid_argument(string patch, int texts)
    {
        await using TestHub hub = await TestHub.StartAsync();
        string large = string.Join(',', Enumerable.Range(0, texts).Select(number => $"\"a{number}\":\"{new string('x', 4000)}\""));

        (HttpStatusCode status, JsonNode? error, _) = await hub.CallAsync(HttpMethod.Patch, "/twins/dev-01", patch.Replace("\"a\":\"#\"", large, StringComparison.Ordinal));

        Assert.Equal((HttpStatusCode.BadRequest, 400004), (status, UploadHub.CodeOf(error)));
    }

    [Fact]
    public async Task A_document_that_names_a_member_twice_is_refused_with_its_name()
    {
        await using TestHub hub = await TestHub.StartAsync();

        (HttpStatusCode status, JsonNode? error, _) = await hub.CallAsync(HttpMethod.Patch, "/twins/dev-01", """{"tags":{"site":1,"site":2}}""");

        Assert.Equal((HttpStatusCode.BadRequest, 400006), (status, UploadHub.CodeOf(error)));
        Assert.Contains("site", (string)error!["Message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expected_version_that_is_not_the_current_one_is_answered_412()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();
        await device.SubscribeAsync("$iothub/twin/res/#");

        await device.PublishAsync($"{Reported}?$rid=1&$version=9", """{"a":1}""");
        await device.PublishAsync($"{Reported}?$rid=2&$version=1", """{"a":1}""");

        Assert.Equal("$iothub/twin/res/412/?$rid=1", (await device.NextAsync()).Topic);
        Assert.Equal("$iothub/twin/res/204/?$rid=2&$version=2", (await device.NextAsync()).Topic);
    }

    [Fact]
    public async Task A_request_before_the_subscription_is_processed_and_answered_nowhere()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();

        await device.PublishAsync($"{Reported}?$rid=1", """{"a":1}""");
        await device.SubscribeAsync("$iothub/twin/res/#");
        await device.PublishAsync("$iothub/twin/GET/?$rid=2");

        Assert.Equal(("$iothub/twin/res/200/?$rid=2", """{"desired":{"$version":1},"reported":{"a":1,"$version":2}}"""), await device.NextAsync());
    }

    [Fact]
    public async Task A_desired_change_is_pushed_to_the_subscribed_device_nulls_included()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();
        await device.SubscribeAsync("$iothub/twin/PATCH/properties/desired/#");

        await hub.CallAsync(HttpMethod.Patch, "/twins/dev-01", """{"properties":{"desired":{"climate":{"interval":5},"old":1}}}""");
        await hub.CallAsync(HttpMethod.Patch, "/twins/dev-01", """{"tags":{"site":"lab"}}""");
        await hub.CallAsync(HttpMethod.Patch, "/twins/dev-01", """{"properties":{"desired":{"old":null}}}""");
        (_, JsonNode? twin, _) = await hub.CallAsync(HttpMethod.Put, "/twins/dev-01", """{"properties":{"desired":{"only":true,"$version":77}}}""");

        Assert.Equal(("$iothub/twin/PATCH/properties/desired/?$version=2", """{"climate":{"interval":5},"old":1,"$version":2}"""), await device.NextAsync());
        Assert.Equal(("$iothub/twin/PATCH/properties/desired/?$version=3", """{"old":null,"$version":3}"""), await device.NextAsync());
        Assert.Equal(("$iothub/twin/PATCH/properties/desired/?$version=4", """{"only":true,"$version":4}"""), await device.NextAsync());
        Assert.Equal("{}", twin!["tags"]!.ToJsonString());
        Assert.Equal(4, (int)twin["properties"]!["desired"]!["$metadata"]!["only"]!["$lastUpdatedVersion"]!);
    }

    [Fact]
    public async Task The_entity_tag_guards_a_service_change_and_a_device_change_leaves_it_alone()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();
        (_, JsonNode? fresh, HttpResponseMessage freshMessage) = await hub.CallAsync(HttpMethod.Get, "/twins/dev-01");
        await device.PublishAsync($"{Reported}?$rid=1", """{"a":1}""");

        (HttpStatusCode met, JsonNode? changed, _) = await hub.CallAsync(HttpMethod.Patch, "/twins/dev-01", """{"tags":{"a":1}}""", ifMatch: "\"AAAAAAAAAAE=\"");
        (HttpStatusCode stale, JsonNode? refusal, HttpResponseMessage staleMessage) = await hub.CallAsync(HttpMethod.Patch, "/twins/dev-01", """{"tags":{"a":2}}""", ifMatch: "AAAAAAAAAAE=");
        (HttpStatusCode any, _, _) = await hub.CallAsync(HttpMethod.Patch, "/twins/dev-01", """{"tags":{"a":3}}""", ifMatch: "\"*\"");

        Assert.Equal("\"AAAAAAAAAAE=\"", freshMessage.Headers.ETag!.ToString());
        Assert.Equal(2, (int)fresh!["version"]!);
        Assert.Equal(HttpStatusCode.OK, met);
        Assert.Equal("AAAAAAAAAAI=", (string)changed!["etag"]!);
        Assert.Equal(4, (int)changed["version"]!); // a device's and a service's change
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale);
        Assert.Equal("PreconditionFailed", staleMessage.Headers.GetValues("iothub-errorcode").Single());
        Assert.Equal(412001, (int)JsonNode.Parse((string)refusal!["Message"]!)!["errorCode"]!);
        Assert.Equal(HttpStatusCode.OK, any);
    }

    [Fact]
    public async Task Without_an_api_version_a_device_connects_but_its_twin_requests_fail()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await TestDevice.ConnectAsync(hub.Options(userName: "hub.localhost/dev-01").Build());
        await device.SubscribeAsync("$iothub/twin/res/#");

        await device.PublishAsync($"{Reported}?$rid=1", """{"a":1}""");

        Assert.Equal("$iothub/twin/res/400/?$rid=1", (await device.NextAsync()).Topic);
    }
}
