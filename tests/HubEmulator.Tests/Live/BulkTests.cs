using System.Net;
using System.Text.Json.Nodes;

namespace HubEmulator.Tests.Live;

public sealed class BulkTests
{
    [Fact]
    public async Task Devices_are_created_changed_and_deleted_by_the_hundred()
    {
        await using TestHub hub = await TestHub.StartAsync();
        string all = string.Join(',', Enumerable.Range(0, 98).Select(number => $$"""{"id":"b{{number}}","importMode":"create"}"""));

        (HttpStatusCode created, JsonNode? result, _) = await hub.CallAsync(
            HttpMethod.Post, "/devices", $$$$"""[{{{{all}}}},{"id":"b0","moduleId":"m","importMode":"create"},{"id":"tagged","importMode":"createOrUpdate","status":"disabled","tags":{"a":1},"properties":{"desired":{"b":2}}}]""");
        (_, JsonNode? twin, _) = await hub.CallAsync(HttpMethod.Get, "/twins/tagged");
        (HttpStatusCode changed, _, _) = await hub.CallAsync(
            HttpMethod.Post, "/devices", """[{"id":"b1","importMode":"Update","status":"disabled"},{"id":"b2","importMode":"Delete"},{"id":"tagged","importMode":"updateTwin","tags":{"a":null}}]""");
        (_, JsonNode? statistics, _) = await hub.CallAsync(HttpMethod.Get, "/statistics/devices");
        (_, JsonNode? after, _) = await hub.CallAsync(HttpMethod.Get, "/twins/tagged");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (created, changed));
        Assert.Equal("""{"isSuccessful":true,"errors":[],"warnings":[]}""", result!.ToJsonString());
        Assert.Equal(("disabled", 1, 2), ((string)twin!["status"]!, (int)twin["tags"]!["a"]!, (int)twin["properties"]!["desired"]!["b"]!));
        Assert.Equal("""{"totalDeviceCount":100,"enabledDeviceCount":98,"disabledDeviceCount":2}""", statistics!.ToJsonString());
        Assert.Empty(after!["tags"]!.AsObject());
    }

    [Fact]
    public async Task Each_failure_is_told_with_its_device_and_the_others_are_done()
    {
        await using TestHub hub = await TestHub.StartAsync();
        (_, JsonNode? identity, _) = await hub.CallAsync(HttpMethod.Get, "/devices/dev-02");

        (HttpStatusCode status, JsonNode? result, HttpResponseMessage answer) = await hub.CallAsync(HttpMethod.Post, "/devices", $$"""
            [{"id":"dev-01","importMode":"create"},
             {"id":"dev-01","importMode":"UpdateIfMatchETag","eTag":"AAAA"},
             {"id":"dev-01","importMode":"DeleteIfMatchETag"},
             {"id":"gone","importMode":"Delete"},
             {"id":"bad id","importMode":"create"},
             {"id":"x","importMode":"explode"},
             {"id":"nobody","moduleId":"m","importMode":"create"},
             {"id":"dev-02","importMode":"deleteIfMatchETag","eTag":"{{identity!["etag"]}}"}]
            """);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("BulkRegistryOperationFailure", answer.Headers.GetValues("iothub-errorcode").Single());
        Assert.False((bool)result!["isSuccessful"]!);
        Assert.Equal(
            [("dev-01", 409001), ("dev-01", 412001), ("dev-01", 400004), ("gone", 404001), ("bad id", 400004), ("x", 400004), ("nobody", 404001)],
            result["errors"]!.AsArray().Select(error => ((string)error!["deviceId"]!, (int)error["errorCode"]!)));
        Assert.Equal(["dev-01"], hub.Hub.DeviceIds);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[1]")]
    [InlineData("[{\"id\":")]
    [InlineData("""[{"id":"x\ud800","importMode":"create"}]""")]
    [InlineData("""[{"id":"x","id":"y","importMode":"create"}]""")]
    public async Task What_is_no_list_of_changes_is_refused(string body)
    {
        await using TestHub hub = await TestHub.StartAsync();

        (HttpStatusCode status, JsonNode? error, _) = await hub.CallAsync(HttpMethod.Post, "/devices", body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith("ErrorCode:ArgumentInvalid;", (string)error!["Message"]!, StringComparison.Ordinal);
    }
}
