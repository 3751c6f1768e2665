using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using HubEmulator;
using Interop.NodeSdk.Support;

namespace Interop.NodeSdk;

public sealed class ProvisioningTests(SdkPackages sdk)
{
    private const string GroupKey = "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=";

    [Fact]
    public async Task A_single_device_gets_its_hub_its_name_and_the_payload()
    {
        await using InteropHub hub = await StartAsync();
        await using NodeScript script = Run(hub, "sn-001", InteropHub.Key, ("PROVISIONING_HOST", $"localhost:{hub.Hub.MqttPort}"));

        JsonNode findings = await script.FindingsAsync();

        JsonNode state = findings["state"] ?? throw new InvalidOperationException(findings.ToJsonString());
        Assert.Equal((hub.Hub.HostName, "garden-1"), ((string)state["assignedHub"]!, (string)state["deviceId"]!));
        Assert.Equal(("assigned", "initialAssignment"), ((string)state["status"]!, (string)state["substatus"]!));
        state["payload"].IsJson("""{"room":"garden"}""");
        Assert.Equal("garden-1", Assert.Single(hub.Hub.Telemetry.Snapshot()).DeviceId);
    }

    [Theory]
    [InlineData("tcp")]
    [InlineData("ws")]
    public async Task A_device_of_a_group_registers_with_the_derived_key(string transport)
    {
        await using InteropHub hub = await StartAsync();
        await using NodeScript script = Run(hub, "sn-007", Derive("sn-007"), ("TRANSPORT", transport));

        JsonNode findings = await script.FindingsAsync();

        Assert.Equal("sn-007", (string?)findings["state"]?["deviceId"]);
        Assert.Equal("group1", (string?)findings["state"]!["symmetricKey"]!["enrollmentGroupId"]);
        Assert.Equal("sn-007", Assert.Single(hub.Hub.Telemetry.Snapshot()).DeviceId);
        Assert.Equal(0, hub.Hub.Provisioning.EarlyPolls);
    }

    [Fact]
    public async Task A_wrong_key_is_refused_in_the_answer_to_the_registration()
    {
        await using InteropHub hub = await StartAsync();
        await using NodeScript script = Run(hub, "sn-007", Derive("sn-008"));

        JsonNode findings = await script.FindingsAsync();

        Assert.Equal("UnauthorizedError", (string?)findings["error"]?["name"]);
        Assert.Equal(401002, (int?)findings["result"]?["errorCode"]);
        Assert.Empty(hub.Hub.DeviceIds);
    }

    [Fact]
    public async Task A_throttled_and_slow_registration_is_waited_for()
    {
        await using InteropHub hub = await StartAsync();
        hub.Hub.Provisioning.PendingAnswers = 2;
        hub.Hub.Provisioning.ThrottleNext(1, retryAfterSeconds: 1);
        await using NodeScript script = Run(hub, "sn-001", InteropHub.Key);

        JsonNode findings = await script.FindingsAsync();

        Assert.Equal("garden-1", (string?)findings["state"]?["deviceId"]);
        Assert.Equal((2, 2, 0), (hub.Hub.Provisioning.Registrations, hub.Hub.Provisioning.Polls, hub.Hub.Provisioning.EarlyPolls));
    }

    private static NodeScript Run(InteropHub hub, string id, string key, params (string, string)[] settings) =>
        hub.Run("provision.js", [("ID_SCOPE", hub.Hub.IdScope), ("REGISTRATION_ID", id), ("REGISTRATION_KEY", key), .. settings]);

    private static string Derive(string id) => Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(GroupKey), Encoding.UTF8.GetBytes(id)));

    private async Task<InteropHub> StartAsync()
    {
        InteropHub hub = await InteropHub.StartAsync(sdk, new LocalHubOptions
        {
            EnrolmentGroups = new Dictionary<string, string> { ["group1"] = GroupKey },
            Enrolments = [new LocalEnrolment("sn-001", InteropHub.Key) { DeviceId = "garden-1", Payload = """{"room":"garden"}""" }],
        });
        hub.Hub.Provisioning.RetryAfterSeconds = 1;
        return hub;
    }
}
