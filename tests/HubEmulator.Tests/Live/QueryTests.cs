using System.Net;
using System.Text.Json.Nodes;

namespace HubEmulator.Tests.Live;

public sealed class QueryTests
{
    [Fact]
    public async Task Twins_are_found_page_by_page_and_the_last_page_has_no_continuation()
    {
        await using TestHub hub = await StartAsync(5);

        (JsonNode first, string? one, string? type) = await QueryAsync(hub, "SELECT * FROM devices WHERE tags.odd = false OR deviceId = 'd1'", size: 2);
        await hub.CallAsync(HttpMethod.Delete, "/devices/d0", ifMatch: "*"); // what comes or goes meanwhile shifts nothing
        (JsonNode second, string? two, _) = await QueryAsync(hub, "SELECT * FROM devices WHERE tags.odd = false OR deviceId = 'd1'", size: 2, one);

        Assert.Equal(["d0", "d1"], Ids(first));
        Assert.Equal(["d2", "d4"], Ids(second));
        Assert.Equal("twin", type);
        Assert.Null(two);
        Assert.Equal("sas", (string)first[0]!["authenticationType"]!);
        Assert.Equal(1, (int)first[0]!["properties"]!["reported"]!["$version"]!);
    }

    [Fact]
    public async Task Selected_members_counts_and_modules_are_raw_and_top_counts_over_pages()
    {
        await using TestHub hub = await StartAsync(5);
        await hub.CallAsync(HttpMethod.Put, "/devices/d1/modules/m1", "{}");
        await using TestDevice device = await TestDevice.ConnectAsync(hub.Options("d3").Build());

        (JsonNode some, _, string? type) = await QueryAsync(hub, "SELECT deviceId, tags.odd AS odd FROM devices WHERE connectionState = 'Connected'");
        (JsonNode groups, string? more, _) = await QueryAsync(hub, "SELECT tags.odd, COUNT() AS n FROM devices GROUP BY tags.odd", size: 1);
        (JsonNode rest, string? end, _) = await QueryAsync(hub, "SELECT tags.odd, COUNT() AS n FROM devices GROUP BY tags.odd", size: 1, more);
        (JsonNode modules, _, _) = await QueryAsync(hub, "SELECT * FROM devices.modules");
        (JsonNode top, string? onward, _) = await QueryAsync(hub, "SELECT TOP 3 deviceId FROM devices", size: 2);
        (JsonNode last, string? over, _) = await QueryAsync(hub, "SELECT TOP 3 deviceId FROM devices", size: 2, onward);

        Assert.Equal(("""[{"deviceId":"d3","odd":true}]""", "raw"), (some.ToJsonString(), type));
        Assert.Equal("""[{"odd":false,"n":3}][{"odd":true,"n":2}]""", groups.ToJsonString() + rest.ToJsonString());
        Assert.Equal(("d1", "m1"), ((string)modules[0]!["deviceId"]!, (string)modules[0]!["moduleId"]!));
        Assert.Equal((2, 1), (top.AsArray().Count, last.AsArray().Count));
        Assert.Null(end);
        Assert.Null(over);
    }

    [Theory]
    [InlineData("""{"query":"SELECT * FROM devices ORDER BY x"}""", null, null, "Position 23")]
    [InlineData("""{"query":7}""", null, null, "query must be a text")]
    [InlineData("""{"query":"SELECT * FROM devices"}""", "0", null, "x-ms-max-item-count")]
    [InlineData("""{"query":"SELECT * FROM devices"}""", "2", "bm9uc2Vuc2U=", "x-ms-continuation")]
    public async Task What_cannot_be_answered_is_told_by_name(string body, string? size, string? continuation, string named)
    {
        await using TestHub hub = await StartAsync(1);

        (HttpStatusCode status, JsonNode? error, _) = await SendAsync(hub, body, size, continuation);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(400004, UploadHub.CodeOf(error));
        Assert.Contains(named, (string)error!["Message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_continuation_belongs_to_its_query_and_page_size()
    {
        await using TestHub hub = await StartAsync(3);
        (_, string? token, _) = await QueryAsync(hub, "SELECT * FROM devices", size: 1);

        (HttpStatusCode otherQuery, _, _) = await SendAsync(hub, """{"query":"SELECT deviceId FROM devices"}""", "1", token);
        (HttpStatusCode otherSize, _, _) = await SendAsync(hub, """{"query":"SELECT * FROM devices"}""", "2", token);

        Assert.NotNull(token);
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (otherQuery, otherSize));
    }

    private static async Task<TestHub> StartAsync(int devices)
    {
        TestHub hub = await TestHub.StartAsync(new LocalHubOptions { Devices = [.. Enumerable.Range(0, devices).Select(number => new LocalDevice($"d{number}", TestHub.Key))] });
        for (int number = 0; number < devices; number++)
        {
            await hub.CallAsync(HttpMethod.Patch, $"/twins/d{number}", $$$"""{"tags":{"odd":{{{(number % 2 == 1 ? "true" : "false")}}}}}""");
        }

        return hub;
    }

    private static IEnumerable<string> Ids(JsonNode page) => page.AsArray().Select(one => (string)one!["deviceId"]!);

    [Theory]
    [InlineData("SELECT * FROM devices", "Twin")]
    [InlineData("SELECT deviceId FROM devices", "Raw")]
    [InlineData("SELECT COUNT() AS n FROM devices", "Raw")]
    [InlineData("SELECT * FROM devices.jobs", "DeviceJob")]
    public async Task The_CSharp_SDK_which_knows_types_by_a_capital_letter_only_gets_one(string query, string expected)
    {
        await using TestHub hub = await StartAsync(1);

        (_, _, HttpResponseMessage answer) = await hub.CallAsync(
            HttpMethod.Post, "/devices/query", new JsonObject { ["query"] = query }.ToJsonString(), headers: [("UserAgent", "Microsoft.Azure.Devices/1.41.0")]);

        Assert.Equal(expected, Header(answer, "x-ms-item-type"));
    }

    private static async Task<(JsonNode Page, string? Continuation, string? Type)> QueryAsync(TestHub hub, string query, int? size = null, string? continuation = null)
    {
        (HttpStatusCode status, JsonNode? page, HttpResponseMessage answer) =
            await SendAsync(hub, new JsonObject { ["query"] = query }.ToJsonString(), size?.ToString(System.Globalization.CultureInfo.InvariantCulture), continuation);
        Assert.Equal(HttpStatusCode.OK, status);
        return (page!, Header(answer, "x-ms-continuation"), Header(answer, "x-ms-item-type"));
    }

    private static Task<(HttpStatusCode Status, JsonNode? Body, HttpResponseMessage Message)> SendAsync(TestHub hub, string body, string? size, string? continuation) =>
        hub.CallAsync(HttpMethod.Post, "/devices/query", body, headers: [("x-ms-max-item-count", size), ("x-ms-continuation", continuation)]);

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.Single() : null;
}
