using System.Text.Json.Nodes;
using Interop.NodeSdk.Support;

namespace Interop.NodeSdk;

public sealed class RegistryTests(SdkPackages sdk)
{
    [Fact]
    public async Task Identities_are_created_read_changed_listed_and_deleted()
    {
        await using InteropHub hub = await InteropHub.StartAsync(sdk);
        await using NodeScript script = hub.Run("registry.js");

        JsonNode findings = await script.FindingsAsync();

        AssertDevices(findings["devices"]!);
        AssertModules(findings["modules"]!);
        Assert.Equal("DeviceNotFoundError", (string)findings["gone"]!["name"]!);
        Assert.Equal("DeviceNotFoundError", (string)findings["goneAgain"]!["name"]!);
        Assert.Equal("UnauthorizedError", (string)findings["unauthorized"]!["name"]!);
        Assert.Equal([InteropHub.DeviceId], hub.Hub.DeviceIds);
    }

    [Fact]
    public async Task Twins_are_merged_under_an_entity_tag()
    {
        await using InteropHub hub = await InteropHub.StartAsync(sdk);
        await using NodeScript script = hub.Run("service-twin.js");

        JsonNode findings = await script.FindingsAsync();

        findings["second"]!["tags"].IsJson("""{"site":"lab","floor":1}""");
        findings["third"]!["tags"].IsJson("""{"site":"lab"}""");
        findings["third"]!["properties"]!["desired"]!["a"].IsJson("""{"b":1}""");
        Assert.Equal(3, (int)findings["third"]!["properties"]!["desired"]!["$version"]!);
        Assert.NotEqual((string)findings["first"]!["etag"]!, (string)findings["second"]!["etag"]!);
        Assert.NotEqual((string)findings["second"]!["etag"]!, (string)findings["third"]!["etag"]!);
        Assert.Equal("InvalidEtagError", (string)findings["stale"]!["name"]!);
        Assert.Equal("ArgumentError", (string)findings["badKey"]!["name"]!);
        Assert.Equal("Not found", (string)findings["unknown"]!["message"]!); // what the SDK makes of the nested error
    }

    [Fact]
    public async Task Bulk_changes_queries_statistics_and_certificates_work()
    {
        await using InteropHub hub = await InteropHub.StartAsync(sdk);
        await using NodeScript script = hub.Run("registry-bulk.js");

        JsonNode findings = await script.FindingsAsync();

        string[] enabled = [.. Enumerable.Range(4, 21).Select(number => $"bulk-{number:00}"), InteropHub.DeviceId]; // those listed behind the first five
        findings["added"].IsJson("""{"isSuccessful":true,"errors":[],"warnings":[]}""");
        Assert.True((bool)findings["updated"]!["isSuccessful"]!);
        Assert.Equal("ArgumentError", (string)findings["stale"]!["name"]!);
        Assert.Equal([10, 10, 1], findings["pages"]!.AsArray().Select(page => page!.AsArray().Count));
        Assert.Equal(enabled[1..], findings["pages"]!.AsArray().SelectMany(page => page!.AsArray()).Select(id => (string)id!));
        findings["tagged"].IsJson("""[["bulk-10"]]""");
        findings["groups"].IsJson("""[{"status":"disabled","number":5},{"status":"enabled","number":21}]""");
        Assert.Equal("ArgumentError", (string)findings["broken"]!["name"]!);
        findings["statistics"].IsJson("""{"totalDeviceCount":26,"enabledDeviceCount":21,"disabledDeviceCount":5}""");
        Assert.True((bool)findings["removed"]!["isSuccessful"]!);
        Assert.Equal(("selfSigned", "certificateAuthority"), ((string)findings["certificate"]!["authentication"]!["type"]!, (string)findings["authority"]!["authentication"]!["type"]!));
        Assert.Equal(["cert-1", "cert-2", InteropHub.DeviceId], hub.Hub.DeviceIds);
    }

    private static void AssertDevices(JsonNode devices)
    {
        Assert.Equal(32, Convert.FromBase64String((string)devices["created"]!["authentication"]!["symmetricKey"]!["primaryKey"]!).Length);
        Assert.Equal("DeviceAlreadyExistsError", (string)devices["again"]!["name"]!);
        Assert.True(JsonNode.DeepEquals(devices["created"], devices["read"]));
        Assert.Equal(("disabled", "test"), ((string)devices["changed"]!["status"]!, (string)devices["changed"]!["statusReason"]!));
        Assert.Equal((string)devices["created"]!["generationId"]!, (string)devices["changed"]!["generationId"]!);
        devices["list"].IsJson("""["dev-01","new:(1)%x"]""");
    }

    private static void AssertModules(JsonNode modules)
    {
        modules["list"].IsJson("""["m1"]""");
        Assert.NotEqual((string)modules["created"]!["etag"]!, (string)modules["changed"]!["etag"]!);
        Assert.Equal(Enumerable.Repeat((byte)7, 32), Convert.FromBase64String((string)modules["changed"]!["authentication"]!["symmetricKey"]!["primaryKey"]!));
        Assert.Equal("InvalidEtagError", (string)modules["stale"]!["name"]!);
        Assert.Equal("InvalidEtagError", (string)modules["staleRemoval"]!["name"]!);
        Assert.Equal("Not found", (string)modules["gone"]!["message"]!); // the SDK has no class for a module that is missing
    }

    [Fact]
    public async Task Devices_are_exported_and_imported_and_an_Edge_device_gets_its_modules()
    {
        await using InteropHub hub = await InteropHub.StartAsync(sdk);
        await using NodeScript script = hub.Run("registry-jobs.js", ("CONTAINER_URI", ContainerOf(hub.Hub)));

        JsonNode findings = await script.FindingsAsync();

        Assert.Equal(("completed", "completed"), ((string?)findings["exported"]!["status"], (string?)findings["imported"]!["status"]));
        Assert.Equal(InteropHub.Key, (string?)findings["key"]);
        Assert.Equal(["export", "import"], findings["jobs"]!.AsArray().Select(job => (string?)job!["type"]));
        Assert.Equal(["$edgeAgent", "$edgeHub", "filter"], findings["modules"]!.AsArray().Select(id => (string?)id));
        Assert.Equal(3, (int)findings["threshold"]!);
        Assert.Equal("ArgumentError", (string?)findings["refused"]!["name"]);
    }

    /// <summary>The container with a signature for it, as a storage SDK would make one.</summary>
    private static string ContainerOf(HubEmulator.LocalHub hub)
    {
        JsonNode storage = JsonNode.Parse(File.ReadAllText(hub.HubFile))!["storage"]!;
        const string Expiry = "2099-01-01T00:00:00Z";
        string text = $"rw\n\n{Expiry}\n/blob/{storage["account"]}/uploads\n\n\n\n2021-12-02\nc\n\n\n\n\n\n\n";
        string signature = Convert.ToBase64String(System.Security.Cryptography.HMACSHA256.HashData(Convert.FromBase64String((string)storage["key"]!), System.Text.Encoding.UTF8.GetBytes(text)));
        return $"https://{hub.HostName}:{hub.HttpsPort}/uploads?sv=2021-12-02&se={Uri.EscapeDataString(Expiry)}&sr=c&sp=rw&sig={Uri.EscapeDataString(signature)}";
    }
}
