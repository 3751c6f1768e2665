using System.Text.Json.Nodes;
using HubEmulator;
using Interop.NodeSdk.Support;

namespace Interop.NodeSdk;

/// <summary>What operators of many devices use: scheduled jobs and automatic configurations.</summary>
public sealed class FleetTests(SdkPackages sdk)
{
    private static LocalHubOptions TwoDevices => new() { Devices = [new LocalDevice(InteropHub.DeviceId, InteropHub.Key), new LocalDevice("dev-02")] };

    [Fact]
    public async Task Jobs_are_scheduled_watched_listed_and_cancelled()
    {
        await using InteropHub hub = await InteropHub.StartAsync(sdk, TwoDevices);
        await using NodeScript script = hub.Run("jobs.js");

        JsonNode findings = await script.FindingsAsync();

        Assert.Equal(("twins", "scheduleUpdateTwin"), ((string)findings["made"]!["jobId"]!, (string)findings["made"]!["type"]!));
        findings["twins"]!["deviceJobStatistics"].IsJson("""{"deviceCount":2,"failedCount":0,"succeededCount":2,"runningCount":0,"pendingCount":0}""");
        Assert.Equal(("completed", 1), ((string)findings["methods"]!["status"]!, (int)findings["methods"]!["deviceJobStatistics"]!["succeededCount"]!));
        Assert.Equal("cancelled", (string)findings["cancelled"]!["status"]!);
        Assert.NotNull(findings["missing"]);
        findings["listed"].IsJson("""["later","twins"]""");
        findings["parts"]![0]!["outcome"].IsJson("""{"deviceMethodResponse":{"status":200,"payload":{"delay":5}}}""");
        Assert.Equal((1, 5), ((int)findings["tags"]!["wave"]!, (int)findings["desired"]!));
    }

    [Fact]
    public async Task A_configuration_reaches_the_device_counts_its_targets_and_is_changed_under_its_entity_tag()
    {
        await using InteropHub hub = await InteropHub.StartAsync(sdk, TwoDevices);
        await using NodeScript script = hub.Run("configurations.js");

        JsonNode findings = await script.FindingsAsync();

        Assert.Equal("1.0", (string)findings["made"]!["schemaVersion"]!);
        findings["heard"].IsJson("""{"interval":30}""");
        Assert.Equal("DeviceAlreadyExistsError", (string)findings["again"]!["name"]!); // the SDK's word for any 409
        findings["read"]!["systemMetrics"]!["results"].IsJson("""{"targetedCount":1,"appliedCount":1}""");
        findings["read"]!["metrics"]!["results"].IsJson("""{"warm":1}""");
        Assert.Equal((20, "dev"), ((int)findings["updated"]!["priority"]!, (string)findings["updated"]!["labels"]!["who"]!));
        Assert.Equal("InvalidEtagError", (string)findings["stale"]!["name"]!);
        findings["list"].IsJson("""["lab"]""");
        findings["statuses"].IsJson("""[{"deviceId":"dev-01","configurations":{"lab":{"status":"Applied"}}}]""");
        Assert.NotNull(findings["gone"]);
        findings["kept"].IsJson("""{"interval":30}""");
    }
}
