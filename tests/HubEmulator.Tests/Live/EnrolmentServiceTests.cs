using System.Net;
using System.Text.Json.Nodes;

namespace HubEmulator.Tests.Live;

/// <summary>What a service asks of provisioning beside one enrolment at a time: queries, several at once, keys, registrations.</summary>
public sealed class EnrolmentServiceTests : IDisposable
{
    private const string Symmetric = """{"type":"symmetricKey"}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("hub-enrolments-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("*")]
    [InlineData("SELECT *")]
    [InlineData("select * from enrollments")]
    public async Task All_enrolments_are_listed_page_by_page_and_the_last_page_has_no_continuation(string query)
    {
        await using TestHub hub = await TestHub.StartAsync();
        Assert.True((bool)(await BulkAsync(hub, "create", "c", "a", "b"))["isSuccessful"]!);

        (JsonNode first, string? more, string? type) = await QueryAsync(hub, "/enrollments/query", query, size: "2");
        (JsonNode second, string? end, _) = await QueryAsync(hub, "/enrollments/query", query, size: "2", more);

        Assert.Equal(["a", "b", "c"], first.AsArray().Concat(second.AsArray()).Select(one => (string?)one!["registrationId"]));
        Assert.Equal("enrollment", type);
        Assert.Null(end);
    }

    [Theory]
    [InlineData("SELECT * FROM enrollmentGroups WHERE provisioningStatus = 'disabled'", "g2")]
    [InlineData("SELECT * FROM enrollmentGroups WHERE NOT provisioningStatus = 'disabled'", "g1")]
    public async Task Groups_are_found_by_what_they_are(string query, string expected)
    {
        await using TestHub hub = await TestHub.StartAsync();
        await hub.CallAsync(HttpMethod.Put, "/enrollmentGroups/g1", $$"""{"attestation":{{Symmetric}}}""");
        await hub.CallAsync(HttpMethod.Put, "/enrollmentGroups/g2", $$"""{"attestation":{{Symmetric}},"provisioningStatus":"disabled"}""");

        (JsonNode found, _, string? type) = await QueryAsync(hub, "/enrollmentGroups/query", query);

        Assert.Equal((expected, "enrollmentGroup"), ((string?)Assert.Single(found.AsArray())!["enrollmentGroupId"], type));
    }

    [Theory]
    [InlineData("SELECT registrationId FROM enrollments", "Position 8: '*' belongs here")]
    [InlineData("SELECT * FROM enrollments WHERE", "Position 32")]
    [InlineData("* *", "Position 3: the end")]
    [InlineData("", "'*' asks for all")]
    public async Task A_query_that_is_none_is_refused_with_its_place(string query, string reason)
    {
        await using TestHub hub = await TestHub.StartAsync();

        (HttpStatusCode status, JsonNode? error, _) = await hub.CallAsync(HttpMethod.Post, "/enrollments/query", new JsonObject { ["query"] = query }.ToJsonString());

        Assert.Equal((HttpStatusCode.BadRequest, 400004), (status, (int)error!["errorCode"]!));
        Assert.Contains(reason, (string)error["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_enrolments_change_at_once_and_each_refusal_is_named()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await BulkAsync(hub, "create", "a");

        JsonNode again = await BulkAsync(hub, "create", "A", "b");
        JsonNode updated = await BulkAsync(hub, "update", "a", "c");
        JsonNode stale = await BulkAsync(hub, "updateIfMatchETag", "a");
        JsonNode deleted = await BulkAsync(hub, "delete", "a", "b");
        (HttpStatusCode mode, _, _) = await hub.CallAsync(HttpMethod.Post, "/enrollments", """{"mode":"burn","enrollments":[{"registrationId":"x"}]}""");
        (HttpStatusCode many, _, _) = await hub.CallAsync(HttpMethod.Post, "/enrollments", Body("create", [.. Enumerable.Range(0, 11).Select(one => $"x{one}")]));

        Assert.Equal(["a 409201"], Errors(again));
        Assert.Equal(["c 404201"], Errors(updated));
        Assert.Equal(["a 400004"], Errors(stale));
        Assert.Empty(Errors(deleted));
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (mode, many));
    }

    [Fact]
    public async Task What_attests_is_told_by_its_own_call()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await hub.CallAsync(HttpMethod.Put, "/enrollmentGroups/g1", $$$$"""{"attestation":{"type":"symmetricKey","symmetricKey":{"primaryKey":"{{{{TestHub.Key}}}}"}}}""");

        (HttpStatusCode status, JsonNode? keys, _) = await hub.CallAsync(HttpMethod.Post, "/enrollmentgroups/g1/attestationmechanism");
        (HttpStatusCode missing, _, _) = await hub.CallAsync(HttpMethod.Post, "/enrollments/g1/attestationmechanism");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (status, missing));
        Assert.Equal(("symmetricKey", TestHub.Key), ((string?)keys!["type"], (string?)keys["symmetricKey"]!["primaryKey"]));
    }

    [Fact]
    public async Task A_registration_is_read_listed_by_its_group_and_forgotten()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await hub.CallAsync(HttpMethod.Put, "/enrollmentGroups/line-3", $$$$"""{"attestation":{"type":"symmetricKey","symmetricKey":{"primaryKey":"{{{{TestHub.Key}}}}"}}}""");
        await using Registrar registrar = await Registrar.ConnectAsync(hub);
        JsonNode state = (await registrar.RegisterToTheEndAsync())["registrationState"]!;
        string id = (string)state["registrationId"]!;

        (HttpStatusCode known, JsonNode? read, HttpResponseMessage answer) = await hub.CallAsync(HttpMethod.Get, $"/registrations/{id}");
        (JsonNode list, _, string? type) = await QueryAsync(hub, "/registrations/line-3/query", "*");
        (HttpStatusCode stale, _, _) = await hub.CallAsync(HttpMethod.Delete, $"/registrations/{id}", ifMatch: "\"AAAA\"");
        (HttpStatusCode deleted, _, _) = await hub.CallAsync(HttpMethod.Delete, $"/registrations/{id}", ifMatch: (string)read!["etag"]!);
        (HttpStatusCode gone, _, _) = await hub.CallAsync(HttpMethod.Get, $"/registrations/{id}");

        Assert.Equal((HttpStatusCode.OK, "assigned", hub.Hub.HostName), (known, (string?)read["status"], (string?)read["assignedHub"]));
        Assert.Equal($"\"{read["etag"]}\"", answer.Headers.ETag!.Tag);
        Assert.False(read.AsObject().ContainsKey("symmetricKey"));
        Assert.Equal((read.ToJsonString(), "deviceRegistration"), (Assert.Single(list.AsArray())!.ToJsonString(), type));
        Assert.Equal((HttpStatusCode.PreconditionFailed, HttpStatusCode.NoContent, HttpStatusCode.NotFound), (stale, deleted, gone));
        Assert.Contains(id, hub.Hub.DeviceIds); // the device at the hub stays
    }

    [Fact]
    public async Task A_device_that_registers_begins_with_the_twin_and_capability_of_its_enrolment_also_after_a_restart()
    {
        string body = $$$$"""
            {"attestation":{"type":"symmetricKey","symmetricKey":{"primaryKey":"{{{{TestHub.Key}}}}"}},"capabilities":{"iotEdge":true},"initialTwin":{"tags":{"site":"lab"},"properties":{"desired":{"rate":5}}},
             "allocationPolicy":"static","iotHubs":["hub.localhost"],"reprovisionPolicy":{"updateHubAssignment":true,"migrateDeviceData":false},"optionalDeviceInformation":{"line":3}}
            """;
        await using (TestHub before = await TestHub.StartAsync(new LocalHubOptions { DataFolder = _folder }))
        {
            Assert.Equal(HttpStatusCode.OK, (await before.CallAsync(HttpMethod.Put, "/enrollments/sn-1", body)).Status);
        }

        await using TestHub hub = await TestHub.StartAsync(new LocalHubOptions { DataFolder = _folder });
        await using Registrar registrar = await Registrar.ConnectAsync(hub, "sn-1", TestHub.Key);
        await registrar.RegisterToTheEndAsync();
        (_, JsonNode? twin, _) = await hub.CallAsync(HttpMethod.Get, "/twins/sn-1");
        (_, JsonNode? enrolment, _) = await hub.CallAsync(HttpMethod.Get, "/enrollments/sn-1");

        Assert.Equal(("lab", 5, true), ((string?)twin!["tags"]!["site"], (int)twin["properties"]!["desired"]!["rate"]!, (bool)twin["capabilities"]!["iotEdge"]!));
        Assert.Equal(("static", false, 3), ((string?)enrolment!["allocationPolicy"], (bool)enrolment["reprovisionPolicy"]!["migrateDeviceData"]!, (int)enrolment["optionalDeviceInformation"]!["line"]!));
        Assert.Equal("assigned", (string?)enrolment["registrationState"]!["status"]);
    }

    [Theory]
    [InlineData("""{"tags":5}""")]
    [InlineData("""{"properties":{"desired":{"$bad":1}}}""")]
    [InlineData("[]")]
    public async Task An_initial_twin_that_cannot_be_is_refused_with_the_enrolment(string twin)
    {
        await using TestHub hub = await TestHub.StartAsync();

        (HttpStatusCode status, JsonNode? error, _) = await hub.CallAsync(HttpMethod.Put, "/enrollments/sn-1", $$"""{"attestation":{{Symmetric}},"initialTwin":{{twin}}}""");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("initialTwin", (string)error!["message"]!, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Errors(JsonNode answer) => answer["errors"]!.AsArray().Select(error => $"{error!["registrationId"]} {error["errorCode"]}");

    private static string Body(string mode, string[] ids) => new JsonObject
    {
        ["mode"] = mode,
        ["enrollments"] = new JsonArray([.. ids.Select(id => new JsonObject { ["registrationId"] = id, ["attestation"] = JsonNode.Parse(Symmetric) })]),
    }.ToJsonString();

    private static async Task<JsonNode> BulkAsync(TestHub hub, string mode, params string[] ids)
    {
        (HttpStatusCode status, JsonNode? answer, _) = await hub.CallAsync(HttpMethod.Post, "/enrollments/", Body(mode, ids));
        Assert.Equal(HttpStatusCode.OK, status);
        return answer!;
    }

    private static async Task<(JsonNode Page, string? Continuation, string? Type)> QueryAsync(TestHub hub, string path, string query, string? size = null, string? continuation = null)
    {
        (HttpStatusCode status, JsonNode? page, HttpResponseMessage answer) = await hub.CallAsync(
            HttpMethod.Post, path, new JsonObject { ["query"] = query }.ToJsonString(), headers: [("x-ms-max-item-count", size), ("x-ms-continuation", continuation)]);
        Assert.Equal(HttpStatusCode.OK, status);
        return (page!, Header(answer, "x-ms-continuation"), Header(answer, "x-ms-item-type"));
    }

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.Single() : null;
}
