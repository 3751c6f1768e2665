using System.Net;
using System.Text.Json.Nodes;

namespace HubEmulator.Tests.Live;

/// <summary>Automatic configurations, as services make them and as twins and devices follow.</summary>
public sealed class ConfigurationTests
{
    private const string Lab = """
        {"id":"lab","labels":{"who":"ops"},"targetCondition":"tags.site = 'lab'","priority":10,
         "content":{"deviceContent":{"properties.desired.climate":{"interval":30,"unit":"C"}}},
         "metrics":{"queries":{"warm":"SELECT deviceId FROM devices WHERE configurations.[[lab]].status = 'Applied' AND properties.reported.warm = true"}}}
        """;

    [Fact]
    public async Task A_device_that_the_condition_finds_gets_the_content_and_one_that_comes_later_too()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await TagAsync(hub, "dev-01", "lab");
        await using TestDevice device = await hub.ConnectAsync();
        await device.SubscribeAsync("$iothub/twin/PATCH/properties/desired/#");
        await device.SubscribeAsync("$iothub/twin/res/#");

        (HttpStatusCode made, JsonNode? configuration, HttpResponseMessage answer) = await hub.CallAsync(HttpMethod.Put, "/configurations/lab", Lab);
        (_, string push) = await device.NextAsync();
        await TagAsync(hub, "dev-02", "lab");
        JsonNode late = await TwinAsync(hub, "dev-02", twin => twin["configurations"] is not null);
        await device.PublishAsync("$iothub/twin/PATCH/properties/reported/?$rid=1", """{"warm":true}""");
        await device.NextAsync();
        JsonNode twin = await TwinAsync(hub, "dev-01", twin => twin["configurations"] is not null);
        (_, JsonNode? read, _) = await hub.CallAsync(HttpMethod.Get, "/configurations/lab");

        Assert.Equal((HttpStatusCode.OK, "1.0", $"\"{configuration!["etag"]}\""), (made, (string)configuration["schemaVersion"]!, answer.Headers.ETag!.Tag));
        Assert.Equal("""{"climate":{"interval":30,"unit":"C"},"$version":2}""", push);
        Assert.Equal("""{"interval":30,"unit":"C"}""", late["properties"]!["desired"]!["climate"]!.ToJsonString());
        Assert.Equal("""{"lab":{"status":"Applied"}}""", twin["configurations"]!.ToJsonString());
        Assert.Equal("""{"targetedCount":2,"appliedCount":2}""", read!["systemMetrics"]!["results"]!.ToJsonString());
        Assert.Equal("""{"warm":1}""", read["metrics"]!["results"]!.ToJsonString());
    }

    [Fact]
    public async Task The_higher_priority_wins_where_two_overlap_and_what_was_set_stays_when_a_configuration_goes()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await TagAsync(hub, "dev-01", "lab");
        await hub.CallAsync(HttpMethod.Put, "/configurations/lab", Lab);
        await hub.CallAsync(HttpMethod.Put, "/configurations/all", """{"targetCondition":"*","priority":20,"content":{"deviceContent":{"properties.desired.climate.interval":5,"properties.desired":{"log":{"level":"warning"}}}}}""");

        JsonNode both = await TwinAsync(hub, "dev-01", twin => twin["configurations"]?["all"] is not null);
        (HttpStatusCode gone, _, _) = await hub.CallAsync(HttpMethod.Delete, "/configurations/all");
        JsonNode after = await TwinAsync(hub, "dev-01", twin => twin["configurations"]?["all"] is null);
        JsonNode other = await TwinAsync(hub, "dev-02", twin => twin["configurations"] is null);

        Assert.Equal("""{"all":{"status":"Applied"},"lab":{"status":"Targeted"}}""", new JsonObject(both["configurations"]!.AsObject().OrderBy(one => one.Key).Select(one => KeyValuePair.Create(one.Key, one.Value?.DeepClone()))).ToJsonString());
        Assert.Equal((5, "warning"), ((int)both["properties"]!["desired"]!["climate"]!["interval"]!, (string)both["properties"]!["desired"]!["log"]!["level"]!));
        Assert.Equal(HttpStatusCode.NoContent, gone);
        Assert.Equal("""{"interval":30,"unit":"C"}""", after["properties"]!["desired"]!["climate"]!.ToJsonString());
        Assert.Equal("warning", (string)after["properties"]!["desired"]!["log"]!["level"]!);
        Assert.Equal(5, (int)other["properties"]!["desired"]!["climate"]!["interval"]!);
    }

    [Fact]
    public async Task A_path_is_set_whole_a_hand_that_changes_it_is_corrected_and_the_twin_comes_to_rest()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await hub.CallAsync(HttpMethod.Patch, "/twins/dev-01", """{"tags":{"site":"lab"},"properties":{"desired":{"climate":{"old":1},"kept":2}}}""");
        await hub.CallAsync(HttpMethod.Put, "/configurations/lab", Lab.Replace("\"unit\":\"C\"", "\"unit\":\"C\",\"gone\":null", StringComparison.Ordinal));

        await TwinAsync(hub, "dev-01", twin => twin["configurations"] is not null);
        await hub.CallAsync(HttpMethod.Patch, "/twins/dev-01", """{"properties":{"desired":{"climate":{"interval":1,"mine":1}}}}""");
        JsonNode corrected = await TwinAsync(hub, "dev-01", twin => (long)twin["properties"]!["desired"]!["$version"]! == 5);
        await hub.CallAsync(HttpMethod.Patch, "/twins/dev-01", """{"tags":{"seen":true}}""");
        await TwinAsync(hub, "dev-02", _ => true);
        JsonNode rests = await TwinAsync(hub, "dev-01", twin => twin["tags"]!["seen"] is not null);

        Assert.Equal("""{"interval":30,"unit":"C"}""", corrected["properties"]!["desired"]!["climate"]!.ToJsonString());
        Assert.Equal(2, (int)corrected["properties"]!["desired"]!["kept"]!);
        Assert.Equal(5, (long)rests["properties"]!["desired"]!["$version"]!);
    }

    [Fact]
    public async Task Modules_are_meant_by_a_condition_that_begins_with_FROM()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await hub.CallAsync(HttpMethod.Put, "/devices/dev-01/modules/m1", "{}");

        await hub.CallAsync(HttpMethod.Put, "/configurations/mods", """{"targetCondition":"FROM devices.modules WHERE moduleId = 'm1'","content":{"moduleContent":{"properties.desired.x":1}}}""");
        JsonNode module = await TwinAsync(hub, "dev-01/modules/m1", twin => twin["configurations"] is not null);
        (_, JsonNode? read, _) = await hub.CallAsync(HttpMethod.Get, "/configurations/mods");

        Assert.Equal(1, (int)module["properties"]!["desired"]!["x"]!);
        Assert.Equal("""{"targetedCount":1,"appliedCount":1}""", read!["systemMetrics"]!["results"]!.ToJsonString());
    }

    [Fact]
    public async Task The_entity_tag_guards_a_change_and_the_content_stays_that_of_the_making()
    {
        await using TestHub hub = await TestHub.StartAsync();
        (_, JsonNode? made, _) = await hub.CallAsync(HttpMethod.Put, "/configurations/lab", Lab);

        (HttpStatusCode again, _, _) = await hub.CallAsync(HttpMethod.Put, "/configurations/lab", Lab);
        (HttpStatusCode stale, _, _) = await hub.CallAsync(HttpMethod.Put, "/configurations/lab", Lab, ifMatch: "\"AAAA\"");
        (HttpStatusCode other, _, _) = await hub.CallAsync(HttpMethod.Put, "/configurations/lab", Lab.Replace("30", "31", StringComparison.Ordinal), ifMatch: "*");
        (HttpStatusCode changed, JsonNode? next, _) = await hub.CallAsync(HttpMethod.Put, "/configurations/lab", Lab.Replace("10", "11", StringComparison.Ordinal), ifMatch: $"\"{made!["etag"]}\"");
        (_, JsonNode? list, _) = await hub.CallAsync(HttpMethod.Get, "/configurations?top=5");
        (HttpStatusCode missing, _, HttpResponseMessage answer) = await hub.CallAsync(HttpMethod.Delete, "/configurations/none");

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.PreconditionFailed, HttpStatusCode.BadRequest, HttpStatusCode.OK), (again, stale, other, changed));
        Assert.Equal((11, (string)made["createdTimeUtc"]!), ((int)next!["priority"]!, (string)next["createdTimeUtc"]!));
        Assert.NotEqual((string)made["etag"]!, (string)next["etag"]!);
        Assert.Equal("lab", (string)Assert.Single(list!.AsArray())!["id"]!);
        Assert.Equal((HttpStatusCode.NotFound, "ConfigurationNotFound"), (missing, answer.Headers.GetValues("iothub-errorcode").Single()));
    }

    [Theory]
    [InlineData("{}", "content must be")]
    [InlineData("""{"content":{"deviceContent":{"tags.a":1}}}""", "'tags.a' must be properties.desired or a path below it.")]
    [InlineData("""{"content":{"deviceContent":{"properties.desired.a":1,"properties.desired":{"a":2}}}}""", "'a' is set twice.")]
    [InlineData("""{"content":{"deviceContent":{"properties.desired.a":{"b.c":2}}}}""", "content.deviceContent: The property name 'b.c'")]
    [InlineData("""{"content":{"deviceContent":{}},"targetCondition":"tags.a ="}""", "targetCondition cannot be used. Position")]
    [InlineData("""{"content":{"deviceContent":{}},"metrics":{"queries":{"q":"SELECT"}}}""", "metrics.queries.q cannot be run.")]
    [InlineData("""{"content":{"deviceContent":{}},"priority":-1}""", "priority must be")]
    [InlineData("""{"content":{"deviceContent":{}},"labels":{"a":1}}""", "labels must be")]
    [InlineData("""{"id":"other","content":{"deviceContent":{}}}""", "differs between path and body")]
    public async Task What_is_no_configuration_is_refused_with_the_member(string body, string expected)
    {
        await using TestHub hub = await TestHub.StartAsync();

        (HttpStatusCode status, JsonNode? error, _) = await hub.CallAsync(HttpMethod.Put, "/configurations/c", body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(expected, (string)error!["Message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Queries_can_be_tried_before_they_are_used()
    {
        await using TestHub hub = await TestHub.StartAsync();

        (_, JsonNode? wrong, _) = await hub.CallAsync(HttpMethod.Post, "/configurations/testQueries", """{"targetCondition":"tags.a =","customMetricQueries":{"good":"SELECT deviceId FROM devices","bad":"SELECT"}}""");
        (_, JsonNode? right, _) = await hub.CallAsync(HttpMethod.Post, "/configurations/testQueries", """{"targetCondition":"tags.a = 1","customMetricQueries":{}}""");

        Assert.Contains("Position", (string)wrong!["targetConditionError"]!, StringComparison.Ordinal);
        Assert.Equal("bad", Assert.Single(wrong["customMetricQueryErrors"]!.AsObject()).Key);
        Assert.Equal("""{"targetConditionError":null,"customMetricQueryErrors":{}}""", right!.ToJsonString());
    }

    [Fact]
    public async Task A_hub_that_comes_back_goes_on_with_its_configurations()
    {
        string folder = Directory.CreateTempSubdirectory("hub-configurations-").FullName;
        var options = new LocalHubOptions { DataFolder = folder, Devices = [new LocalDevice(TestHub.DeviceId, TestHub.Key)] };
        await using (TestHub hub = await TestHub.StartAsync(options))
        {
            await hub.CallAsync(HttpMethod.Put, "/configurations/lab", Lab);
        }

        await using (TestHub next = await TestHub.StartAsync(options))
        {
            await TagAsync(next, TestHub.DeviceId, "lab");
            JsonNode twin = await TwinAsync(next, TestHub.DeviceId, twin => twin["configurations"] is not null);

            Assert.Equal(30, (int)twin["properties"]!["desired"]!["climate"]!["interval"]!);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task TagAsync(TestHub hub, string device, string site) =>
        await hub.CallAsync(HttpMethod.Patch, $"/twins/{device}", $$$"""{"tags":{"site":"{{{site}}}"}}""");

    private static async Task<JsonNode> TwinAsync(TestHub hub, string identity, Func<JsonNode, bool> condition)
    {
        using var limit = new CancellationTokenSource(TestHub.Deadline);
        while (true)
        {
            (_, JsonNode? twin, _) = await hub.CallAsync(HttpMethod.Get, $"/twins/{identity}");
            if (condition(twin!))
            {
                return twin!;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }
}
