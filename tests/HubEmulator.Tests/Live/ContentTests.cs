using System.Net;
using System.Text.Json.Nodes;

namespace HubEmulator.Tests.Live;

/// <summary>The content of a configuration on one device, and what an Edge device is made of.</summary>
public sealed class ContentTests : IDisposable
{
    private const string Deployment = """
        {"modulesContent":{"$edgeAgent":{"properties.desired":{"schemaVersion":"1.1","modules":{"filter":{"type":"docker"}}}},"$edgeHub":{"properties.desired.routes":{"up":"FROM /* INTO $upstream"}}}}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("hub-content-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_Edge_device_has_its_two_modules_and_is_one_after_a_restart()
    {
        await using (TestHub before = await TestHub.StartAsync(new LocalHubOptions { DataFolder = _folder }))
        {
            await before.CallAsync(HttpMethod.Put, "/devices/edge", """{"capabilities":{"iotEdge":true}}""");
        }

        await using TestHub hub = await TestHub.StartAsync(new LocalHubOptions { DataFolder = _folder });
        (_, JsonNode? device, _) = await hub.CallAsync(HttpMethod.Get, "/devices/edge");
        (_, JsonNode? modules, _) = await hub.CallAsync(HttpMethod.Get, "/devices/edge/modules");

        Assert.True((bool)device!["capabilities"]!["iotEdge"]!);
        Assert.Equal([("$edgeAgent", "iotEdge"), ("$edgeHub", "iotEdge")], modules!.AsArray().Select(one => ((string?)one!["moduleId"], (string?)one["managedBy"])));
    }

    [Fact]
    public async Task A_deployment_makes_its_modules_and_takes_the_place_of_the_one_before()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await hub.CallAsync(HttpMethod.Put, "/devices/edge", """{"capabilities":{"iotEdge":true}}""");
        await hub.CallAsync(HttpMethod.Patch, "/twins/edge/modules/$edgeAgent", """{"tags":{"kept":1},"properties":{"desired":{"old":1,"schemaVersion":"1.0"}}}""");

        (HttpStatusCode status, _, _) = await hub.CallAsync(HttpMethod.Post, "/devices/edge/applyConfigurationContent", Deployment);
        (HttpStatusCode again, _, _) = await hub.CallAsync(HttpMethod.Post, "/devices/edge/applyConfigurationContent", Deployment);
        (_, JsonNode? modules, _) = await hub.CallAsync(HttpMethod.Get, "/devices/edge/modules");
        (_, JsonNode? agent, _) = await hub.CallAsync(HttpMethod.Get, "/twins/edge/modules/$edgeAgent");
        (_, JsonNode? router, _) = await hub.CallAsync(HttpMethod.Get, "/twins/edge/modules/$edgeHub");

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (status, again));
        Assert.Equal(["$edgeAgent", "$edgeHub", "filter"], modules!.AsArray().Select(one => (string?)one!["moduleId"]));
        JsonNode desired = agent!["properties"]!["desired"]!;
        Assert.Equal(("1.1", "docker", 3), ((string?)desired["schemaVersion"], (string?)desired["modules"]!["filter"]!["type"], (int)desired["$version"]!)); // the second time changed nothing
        Assert.False(desired.AsObject().ContainsKey("old"));
        Assert.Equal(1, (int)agent["tags"]!["kept"]!);
        Assert.Equal("FROM /* INTO $upstream", (string?)router!["properties"]!["desired"]!["routes"]!["up"]);
    }

    [Fact]
    public async Task The_content_of_a_device_goes_into_its_own_twin()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await hub.CallAsync(HttpMethod.Patch, "/twins/dev-01", """{"properties":{"desired":{"climate":{"old":1},"other":2}}}""");

        (HttpStatusCode status, _, _) = await hub.CallAsync(HttpMethod.Post, "/devices/dev-01/applyConfigurationContent", """{"deviceContent":{"properties.desired.climate":{"rate":5}}}""");
        (_, JsonNode? twin, _) = await hub.CallAsync(HttpMethod.Get, "/twins/dev-01");

        Assert.Equal(HttpStatusCode.NoContent, status);
        JsonNode desired = twin!["properties"]!["desired"]!;
        Assert.Equal("""{"rate":5}""", desired["climate"]!.ToJsonString());
        Assert.Equal(2, (int)desired["other"]!);
    }

    [Theory]
    [InlineData("/devices/dev-99/applyConfigurationContent", "{}", HttpStatusCode.NotFound)]
    [InlineData("/devices/dev-01/applyConfigurationContent", Deployment, HttpStatusCode.BadRequest)]
    [InlineData("/devices/dev-01/applyConfigurationContent", """{"deviceContent":{"tags.a":1}}""", HttpStatusCode.BadRequest)]
    [InlineData("/devices/dev-01/applyConfigurationContent", """{"other":{}}""", HttpStatusCode.BadRequest)]
    [InlineData("/devices/edge/applyConfigurationContent", """{"modulesContent":{"a b":{}}}""", HttpStatusCode.BadRequest)]
    [InlineData("/devices/edge/applyConfigurationContent", """{"modulesContent":{"m":{"tags":1}}}""", HttpStatusCode.BadRequest)]
    public async Task Content_that_cannot_be_set_is_refused(string path, string body, HttpStatusCode expected)
    {
        await using TestHub hub = await TestHub.StartAsync();
        await hub.CallAsync(HttpMethod.Put, "/devices/edge", """{"capabilities":{"iotEdge":true}}""");

        (HttpStatusCode status, _, _) = await hub.CallAsync(HttpMethod.Post, path, body);

        Assert.Equal(expected, status);
    }
}
