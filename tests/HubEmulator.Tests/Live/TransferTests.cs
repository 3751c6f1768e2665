using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Storage;
using Azure.Storage.Sas;

namespace HubEmulator.Tests.Live;

/// <summary>Export and import of identities, to and from the hub's own store, whose container the storage SDK signs for.</summary>
public sealed class TransferTests
{
    [Fact]
    public async Task What_was_exported_comes_back_by_an_import_keys_and_twins_included()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await hub.CallAsync(HttpMethod.Patch, "/twins/dev-01", """{"tags":{"site":"lab"},"properties":{"desired":{"rate":5}}}""");
        await hub.CallAsync(HttpMethod.Put, "/devices/dev-01/modules/m", """{"managedBy":"me"}""");

        JsonNode exported = await RunAsync(hub, new JsonObject { ["type"] = "export", ["outputBlobContainerUri"] = Container(hub, "w"), ["excludeKeysInExport"] = false });
        string text = await ReadAsync(hub, "devices.txt");
        await hub.CallAsync(HttpMethod.Delete, "/devices/dev-01", ifMatch: "*");
        JsonNode imported = await RunAsync(hub, new JsonObject { ["type"] = "import", ["inputBlobContainerUri"] = Container(hub, "r"), ["outputBlobContainerUri"] = Container(hub, "w") });
        (_, JsonNode? device, _) = await hub.CallAsync(HttpMethod.Get, "/devices/dev-01");
        (_, JsonNode? twin, _) = await hub.CallAsync(HttpMethod.Get, "/twins/dev-01");
        (_, JsonNode? module, _) = await hub.CallAsync(HttpMethod.Get, "/devices/dev-01/modules/m");

        Assert.Equal(("completed", "completed", 100), ((string?)exported["status"], (string?)imported["status"], (int)imported["progress"]!));
        Assert.Equal(["dev-01", "dev-01", "dev-02"], Lines(text).Select(line => (string?)line["id"]));
        Assert.Equal(TestHub.Key, (string?)device!["authentication"]!["symmetricKey"]!["primaryKey"]);
        Assert.Equal(("lab", 5), ((string?)twin!["tags"]!["site"], (int)twin["properties"]!["desired"]!["rate"]!));
        Assert.Equal("me", (string?)module!["managedBy"]);
        Assert.Equal("", await ReadAsync(hub, "importErrors.log"));
    }

    [Fact]
    public async Task Keys_can_stay_out_of_an_export_and_a_job_is_listed()
    {
        await using TestHub hub = await TestHub.StartAsync();

        JsonNode job = await RunAsync(hub, new JsonObject { ["type"] = "export", ["outputBlobContainerUri"] = Container(hub, "w"), ["excludeKeysInExport"] = true, ["outputBlobName"] = "all.txt" });
        (_, JsonNode? jobs, _) = await hub.CallAsync(HttpMethod.Get, "/jobs");
        (HttpStatusCode ended, _, _) = await hub.CallAsync(HttpMethod.Delete, $"/jobs/{job["jobId"]}");
        (HttpStatusCode missing, _, HttpResponseMessage message) = await hub.CallAsync(HttpMethod.Get, "/jobs/j1");

        Assert.All(Lines(await ReadAsync(hub, "all.txt")), line => Assert.Null(line["authentication"]!["symmetricKey"]!["primaryKey"]));
        Assert.Equal((string?)job["jobId"], (string?)Assert.Single(jobs!.AsArray())!["jobId"]);
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (ended, missing)); // one that is over stays as it is
        Assert.Equal("JobNotFound", message.Headers.GetValues("iothub-errorcode").Single());
    }

    [Fact]
    public async Task Lines_that_cannot_be_done_stand_in_a_log_and_the_others_are_done()
    {
        await using TestHub hub = await TestHub.StartAsync();
        using HttpClient http = hub.Client();
        using var blob = new ByteArrayContent(Encoding.UTF8.GetBytes("""
            {"id":"new","importMode":"create","tags":{"a":1}}
            no JSON
            {"id":"dev-01","importMode":"create"}
            {"id":"dev-02","importMode":"delete"}

            """));
        blob.Headers.Add("x-ms-blob-type", "BlockBlob");
        Assert.Equal(HttpStatusCode.Created, (await http.PutAsync(Blob(hub, "in.txt", "w"), blob, TestContext.Current.CancellationToken)).StatusCode);

        JsonNode job = await RunAsync(hub, new JsonObject { ["type"] = "import", ["inputBlobContainerUri"] = Container(hub, "r"), ["outputBlobContainerUri"] = Container(hub, "w"), ["inputBlobName"] = "in.txt" });

        Assert.Equal("completed", (string?)job["status"]);
        Assert.Equal(["dev-01", "new"], hub.Hub.DeviceIds.Order(StringComparer.Ordinal));
        Assert.Equal([(null, 400004), ("dev-01", 409001)], Lines(await ReadAsync(hub, "importErrors.log")).Select(line => ((string?)line["deviceId"] is { Length: > 0 } id ? id : null, (int)line["errorCode"]!)));
    }

    [Theory]
    [InlineData("burn", "w", null)]
    [InlineData("export", "r", null)] // reading is not writing
    [InlineData("export", "w", "sr=b")]
    [InlineData("export", "w", "https://storage.example.com/uploads")]
    [InlineData("import", "w", null)] // no input
    public async Task A_job_whose_container_does_not_open_is_refused(string type, string permissions, string? changed)
    {
        await using TestHub hub = await TestHub.StartAsync();
        string container = Container(hub, permissions);
        container = changed is null ? container : changed == "sr=b" ? container.Replace("sr=c", changed, StringComparison.Ordinal) : changed;

        (HttpStatusCode status, JsonNode? error, _) = await hub.CallAsync(HttpMethod.Post, "/jobs/create", new JsonObject { ["type"] = type, ["outputBlobContainerUri"] = container }.ToJsonString());

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith("ErrorCode:ArgumentInvalid;", (string)error!["Message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_of_nothing_has_failed()
    {
        await using TestHub hub = await TestHub.StartAsync();

        JsonNode job = await RunAsync(hub, new JsonObject { ["type"] = "import", ["inputBlobContainerUri"] = Container(hub, "r"), ["outputBlobContainerUri"] = Container(hub, "w") });

        Assert.Equal(("failed", "The input container has no blob devices.txt."), ((string?)job["status"], (string?)job["failureReason"]));
    }

    private static async Task<JsonNode> RunAsync(TestHub hub, JsonObject request)
    {
        (HttpStatusCode status, JsonNode? made, _) = await hub.CallAsync(HttpMethod.Post, "/jobs/create", request.ToJsonString());
        Assert.Equal(HttpStatusCode.OK, status);
        string id = (string)made!["jobId"]!;
        JsonNode job = made;
        while ((string?)job["status"] is "enqueued" or "running")
        {
            job = (await hub.CallAsync(HttpMethod.Get, $"/jobs/{id}")).Body!;
        }

        return job;
    }

    private static IEnumerable<JsonNode> Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!);

    private static async Task<string> ReadAsync(TestHub hub, string name)
    {
        using HttpClient http = hub.Client();
        return await http.GetStringAsync(Blob(hub, name, "r"), TestContext.Current.CancellationToken);
    }

    private static Uri Blob(TestHub hub, string name, string permissions) => new(Container(hub, permissions).Replace("/uploads?", $"/uploads/{name}?", StringComparison.Ordinal));

    private static string Container(TestHub hub, string permissions)
    {
        JsonNode storage = JsonNode.Parse(File.ReadAllText(hub.Hub.HubFile))!["storage"]!;
        var builder = new BlobSasBuilder { BlobContainerName = "uploads", Resource = "c", ExpiresOn = TimeProvider.System.GetUtcNow().AddHours(1) };
        builder.SetPermissions(permissions);
        return $"https://localhost:{hub.Hub.HttpsPort}/uploads?{builder.ToSasQueryParameters(new StorageSharedKeyCredential((string)storage["account"]!, (string)storage["key"]!))}";
    }
}
