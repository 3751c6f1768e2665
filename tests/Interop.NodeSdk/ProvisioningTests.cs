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
    public async Task The_service_SDK_keeps_enrolments_and_a_device_registers_over_HTTPS()
    {
        await using InteropHub hub = await StartAsync();
        await using NodeScript script = hub.Run(
            "enrolments.js", ("ID_SCOPE", hub.Hub.IdScope), ("REGISTRATION_ID", "sn-007"), ("REGISTRATION_KEY", Derive("sn-007")));

        JsonNode findings = await script.FindingsAsync();

        Assert.Equal(("cellar", -1, "disabled"), ((string?)findings["made"]!["deviceId"], (int)findings["made"]!["initialTwin"]!["tags"]!["floor"]!, (string?)findings["changed"]!["provisioningStatus"]));
        Assert.Equal("InvalidEtagError", (string?)findings["stale"]!["name"]);
        Assert.Equal(findings["made"]!["attestation"]!.ToJsonString(), findings["keys"]!.ToJsonString());
        findings["created"].IsJson("""{"isSuccessful":false,"errors":[{"registrationId":"single","errorCode":409201,"errorStatus":"single is enrolled already; send its entity tag to replace it."}]}""");
        Assert.Equal(["a", "b", "single", "sn-001"], findings["singles"]!.AsArray().Select(id => (string?)id).Where(id => id is "a" or "b" or "single" or "sn-001"));
        Assert.Equal(["group1"], findings["groups"]!.AsArray().Select(id => (string?)id));
        Assert.Equal(("assigned", "sn-007"), ((string?)findings["state"]!["status"], (string?)findings["state"]!["deviceId"]));
        Assert.Equal((hub.Hub.HostName, "assigned"), ((string?)findings["registration"]!["assignedHub"], (string?)findings["registration"]!["status"]));
        Assert.Equal(["sn-007"], findings["ofGroup"]!.AsArray().Select(one => (string?)one!["registrationId"]));
        Assert.Equal("Not found", (string?)findings["forgotten"]!["message"]);
        Assert.True((bool)findings["deleted"]!["isSuccessful"]!);
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
