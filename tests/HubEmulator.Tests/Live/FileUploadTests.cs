using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace HubEmulator.Tests.Live;

public sealed class FileUploadTests
{
    [Theory]
    [InlineData("/devices/dev-01/files", "/devices/dev-01/files/notifications")]
    [InlineData("/devices/dev-01/files/", "/devices/dev-01/files/notifications/")]
    public async Task An_upload_goes_from_address_to_notification(string ask, string report)
    {
        await using TestHub hub = await TestHub.StartAsync();
        using HttpClient client = hub.Client();

        (HttpStatusCode status, JsonNode? answer, _) = await hub.CallAsync(HttpMethod.Post, ask, """{ "blobName" : "logs/log.txt" }""", token: hub.DeviceToken());
        using HttpResponseMessage stored = await PutAsync(client, UploadHub.AddressOf(answer!), "hello");
        string end = $$"""{"correlationId":"{{(string)answer!["correlationId"]!}}","isSuccess":true,"statusCode":201,"statusDescription":"Created"}""";
        (HttpStatusCode taken, JsonNode? nothing, _) = await hub.CallAsync(HttpMethod.Post, report, end, token: hub.DeviceToken());

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal($"hub.localhost:{hub.Hub.HttpsPort}", (string)answer["hostName"]!);
        Assert.Equal("uploads", (string)answer["containerName"]!);
        Assert.Equal("dev-01/logs/log.txt", (string)answer["blobName"]!);
        Assert.StartsWith("?", (string)answer["sasToken"]!, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, stored.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, taken);
        Assert.Null(nothing);
        FinishedUpload upload = Assert.Single(hub.Hub.Uploads.Snapshot());
        Assert.Equal(("dev-01", "dev-01/logs/log.txt", 5L, true, 201, "Created"), (upload.DeviceId, upload.BlobName, upload.SizeBytes, upload.IsSuccess, upload.StatusCode, upload.StatusDescription));
        UploadNotification notification = Assert.Single(hub.Hub.Uploads.Notifications());
        Assert.Equal($"https://hub.localhost:{hub.Hub.HttpsPort}/uploads/dev-01/logs/log.txt", notification.BlobUri.AbsoluteUri);
        Assert.Equal(5, notification.BlobSizeBytes);
    }

    [Fact]
    public async Task The_correlation_id_may_stand_in_the_path_and_a_failure_is_listed_without_a_notification()
    {
        await using TestHub hub = await TestHub.StartAsync();
        (_, JsonNode? answer, _) = await hub.AskAsync("log.txt");
        string id = Uri.EscapeDataString((string)answer!["correlationId"]!);

        (HttpStatusCode taken, _, _) = await hub.ReportAsync("""{"isSuccess":false,"statusCode":503,"statusDescription":"busy"}""", $"/{id}");

        Assert.Equal(HttpStatusCode.NoContent, taken);
        FinishedUpload upload = await hub.Hub.Uploads.WaitForAsync(one => !one.IsSuccess, TestContext.Current.CancellationToken);
        Assert.Equal((503, "busy", null), (upload.StatusCode, upload.StatusDescription, upload.SizeBytes));
        Assert.Empty(hub.Hub.Uploads.Notifications());
    }

    [Theory]
    [InlineData("""{"blobName":""}""", 400004)]
    [InlineData("""{"blobName":5}""", 400004)]
    [InlineData("""{}""", 400004)]
    [InlineData("""{"blobName":"a/"}""", 400004)]
    [InlineData("""{"blobName":"a."}""", 400004)]
    [InlineData("""{"blobName":"a\u0007b"}""", 400004)]
    [InlineData("""{"blobName":""", 400006)]
    public async Task A_bad_blob_name_is_refused(string body, int code)
    {
        await using TestHub hub = await TestHub.StartAsync();

        (HttpStatusCode status, JsonNode? error, HttpResponseMessage message) = await hub.CallAsync(HttpMethod.Post, "/devices/dev-01/files", body, token: hub.DeviceToken());

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(code, UploadHub.CodeOf(error));
        Assert.True(message.Headers.Contains("iothub-errorcode"));
    }

    [Fact]
    public async Task A_name_with_the_device_id_is_at_most_1024_characters_long()
    {
        await using TestHub hub = await TestHub.StartAsync();

        (HttpStatusCode longest, _, _) = await hub.AskAsync(new string('a', 1024 - "dev-01/".Length));
        (HttpStatusCode longer, _, _) = await hub.AskAsync(new string('a', 1025 - "dev-01/".Length));

        Assert.Equal(HttpStatusCode.OK, longest);
        Assert.Equal(HttpStatusCode.BadRequest, longer);
    }

    [Theory]
    [InlineData("dev-01", "dev-02")]
    [InlineData("nobody", "nobody")]
    public async Task A_device_needs_its_own_token(string device, string token)
    {
        await using TestHub hub = await TestHub.StartAsync();

        (HttpStatusCode status, JsonNode? error, _) = await hub.CallAsync(HttpMethod.Post, $"/devices/{device}/files", """{"blobName":"a"}""", token: hub.DeviceToken(token));

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Equal(401002, UploadHub.CodeOf(error));
    }

    [Fact]
    public async Task A_disabled_device_and_a_service_without_the_right_are_refused_and_the_device_policy_is_not()
    {
        await using TestHub hub = await TestHub.StartAsync();
        const string Body = """{"blobName":"a"}""";
        string deviceKey = (KeyOf(hub, "device"))!;
        string policyToken = TestHub.Token(deviceKey, hub.Hub.HostName, TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1), "device");

        (HttpStatusCode policy, _, _) = await hub.CallAsync(HttpMethod.Post, "/devices/dev-01/files", Body, token: policyToken);
        (HttpStatusCode service, _, _) = await hub.CallAsync(
            HttpMethod.Post, "/devices/dev-01/files", Body, token: TestHub.Token((KeyOf(hub, "service"))!, hub.Hub.HostName, TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1), "service"));
        await hub.CallAsync(HttpMethod.Put, "/devices/dev-01", """{"deviceId":"dev-01","status":"disabled"}""", ifMatch: "*");
        (HttpStatusCode disabled, _, _) = await hub.AskAsync("a");

        Assert.Equal(HttpStatusCode.OK, policy);
        Assert.Equal(HttpStatusCode.Unauthorized, service);
        Assert.Equal(HttpStatusCode.Unauthorized, disabled);
    }

    [Fact]
    public async Task A_hub_without_storage_says_so()
    {
        await using TestHub hub = await TestHub.StartAsync(new LocalHubOptions { FileUpload = false, Devices = [new LocalDevice(TestHub.DeviceId, TestHub.Key)] });

        (HttpStatusCode status, JsonNode? error, _) = await hub.AskAsync("a");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(400014, UploadHub.CodeOf(error));
    }

    [Fact]
    public async Task Ten_uploads_may_be_in_progress_and_the_end_of_a_token_frees_its_slot()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using TestHub hub = await TestHub.StartAsync(new LocalHubOptions
        {
            Devices = [new LocalDevice(TestHub.DeviceId, TestHub.Key), new LocalDevice("dev-02", TestHub.Key)],
            UploadTokenLifetime = TimeSpan.FromMinutes(2),
            TimeProvider = clock,
        });
        var ids = new List<string>();
        for (int index = 0; index < 10; index++)
        {
            ids.Add((string)(await hub.AskAsync($"log-{index}")).Body!["correlationId"]!);
        }

        (HttpStatusCode eleventh, JsonNode? error, _) = await hub.AskAsync("log-10");
        (HttpStatusCode other, _, _) = await hub.AskAsync("log-10", "dev-02");
        (HttpStatusCode ended, _, _) = await hub.ReportAsync(Failure(ids[0]));
        (HttpStatusCode afterReport, _, _) = await hub.AskAsync("log-10");
        (HttpStatusCode fullAgain, _, _) = await hub.AskAsync("log-11");
        clock.Advance(TimeSpan.FromMinutes(2));
        (HttpStatusCode afterExpiry, _, _) = await hub.AskAsync("log-11");
        (HttpStatusCode late, JsonNode? lateError, _) = await hub.ReportAsync(Failure(ids[1]));

        Assert.Equal(10, ids.Distinct().Count());
        Assert.Equal(HttpStatusCode.Forbidden, eleventh);
        Assert.Equal(403006, UploadHub.CodeOf(error));
        Assert.Equal(HttpStatusCode.OK, other);
        Assert.Equal(HttpStatusCode.NoContent, ended);
        Assert.Equal(HttpStatusCode.OK, afterReport);
        Assert.Equal(HttpStatusCode.Forbidden, fullAgain);
        Assert.Equal(HttpStatusCode.OK, afterExpiry);
        Assert.Equal(HttpStatusCode.BadRequest, late);
        Assert.Equal(400016, UploadHub.CodeOf(lateError));
    }

    [Fact]
    public async Task A_report_is_taken_once_for_an_upload_that_the_device_began_and_that_is_there()
    {
        await using TestHub hub = await TestHub.StartAsync();
        using HttpClient client = hub.Client();
        (_, JsonNode? answer, _) = await hub.AskAsync("log.txt");
        string id = (string)answer!["correlationId"]!;

        (_, JsonNode? unknown, _) = await hub.ReportAsync(Success("MjAy"));
        (_, JsonNode? nameless, _) = await hub.ReportAsync("""{"isSuccess":true}""");
        (_, JsonNode? wordless, _) = await hub.ReportAsync($$"""{"correlationId":"{{id}}"}""");
        (_, JsonNode? missing, _) = await hub.ReportAsync(Success(id));
        (_, JsonNode? contradiction, _) = await hub.ReportAsync($$"""{"correlationId":"{{id}}","isSuccess":false,"statusCode":201}""");
        using HttpResponseMessage stored = await PutAsync(client, UploadHub.AddressOf(answer), "hello");
        (HttpStatusCode first, _, _) = await hub.ReportAsync(Success(id));
        (_, JsonNode? second, _) = await hub.ReportAsync(Success(id));

        Assert.Equal(400015, UploadHub.CodeOf(unknown));
        Assert.Equal(400004, UploadHub.CodeOf(nameless));
        Assert.Equal(400004, UploadHub.CodeOf(wordless));
        Assert.Equal(400020, UploadHub.CodeOf(missing));
        Assert.Equal(400019, UploadHub.CodeOf(contradiction));
        Assert.Equal(HttpStatusCode.NoContent, first);
        Assert.Equal(400016, UploadHub.CodeOf(second));
        Assert.Equal(1, hub.Hub.Uploads.Reported);
    }

    [Fact]
    public async Task A_store_outside_is_what_devices_are_sent_to()
    {
        await using TestHub hub = await TestHub.StartAsync(new LocalHubOptions
        {
            Devices = [new LocalDevice(TestHub.DeviceId, TestHub.Key)],
            BlobStorage = new BlobStorage { Endpoint = "127.0.0.1:10000/devstoreaccount1", AccountName = "devstoreaccount1", AccountKey = TestHub.Key, Container = "logs" },
        });
        using HttpClient client = hub.Client();

        (_, JsonNode? answer, _) = await hub.AskAsync("log.txt");
        (HttpStatusCode taken, _, _) = await hub.ReportAsync(Success((string)answer!["correlationId"]!));
        using HttpResponseMessage unserved = await PutAsync(client, new Uri($"https://hub.localhost:{hub.Hub.HttpsPort}/uploads/dev-01/log.txt{(string)answer["sasToken"]!}"), "x");

        Assert.Equal("127.0.0.1:10000/devstoreaccount1", (string)answer["hostName"]!);
        Assert.Equal("logs", (string)answer["containerName"]!);
        Assert.Equal(HttpStatusCode.NoContent, taken);
        Assert.Equal("https://127.0.0.1:10000/devstoreaccount1/logs/dev-01/log.txt", Assert.Single(hub.Hub.Uploads.Notifications()).BlobUri.AbsoluteUri);
        Assert.Null(Assert.Single(hub.Hub.Uploads.Snapshot()).SizeBytes);
        Assert.Equal(HttpStatusCode.NotFound, unserved.StatusCode);
    }

    private static string Success(string id) => $$"""{"correlationId":"{{id}}","isSuccess":true,"statusCode":200,"statusDescription":""}""";

    private static string Failure(string id) => $$"""{"correlationId":"{{id}}","isSuccess":false,"statusCode":500,"statusDescription":"no"}""";

    private static async Task<HttpResponseMessage> PutAsync(HttpClient client, Uri address, string text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = UploadHub.Bytes(text), Headers = { { "x-ms-blob-type", "BlockBlob" } } };
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static string KeyOf(TestHub hub, string policy) => hub.Hub.PolicyConnectionStrings[policy].Split("SharedAccessKey=")[1];
}
