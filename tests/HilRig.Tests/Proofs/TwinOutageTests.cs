using System.Text.Json.Nodes;
using HilRig.Bench;
using HilRig.Service;
using HubEmulator;

namespace HilRig.Tests.Proofs;

/// <summary>Desired properties that change while the node is away, or that it is not told of, against the real hub's rules.</summary>
[Collection(OneBenchAtATime.Name)]
public sealed class TwinOutageTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_changed_and_deleted_during_an_outage_is_in_force_after_the_reconnect_and_after_an_offline_restart()
    {
        await using ProofBench proof = await ProofBench.StartAsync();
        EmulatedBench bench = proof.Bench;
        bench.StartNode();
        await PatchAsync(bench, """{"climate":{"interval":"PT0.3S"},"logLevel":"warning"}""");
        await AcknowledgedAsync(bench);

        long refused = bench.Hub.Play(new HubFault(HubFaultKind.Refuse) { ReturnCode = 3, For = TimeSpan.FromMinutes(10) }).Id;
        bench.Hub.Play(new HubFault(HubFaultKind.Drop) { Count = 1 });
        await proof.UntilAsync(() => bench.Watch.Latest?.IsConnected == false, "the node to lose the hub");
        await PatchAsync(bench, """{"climate":{"interval":"PT0.2S"}}""");
        await PatchAsync(bench, """{"led":{"maxOnTime":"PT9S"},"logLevel":null}""");
        bench.Hub.TryEndFault(refused);
        JsonObject reported = await AcknowledgedAsync(bench);
        await bench.KillNodeAsync();
        JsonObject kept = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(bench.NodeFolder, "desired.json"), Cancelled))!["desired"]!.AsObject();

        Assert.Equal(("PT0.2S", 200), ((string)reported["climate"]!["interval"]!["value"]!, (int)reported["climate"]!["interval"]!["ac"]!));
        Assert.Equal(("PT9S", 200), ((string)reported["led"]!["maxOnTime"]!["value"]!, (int)reported["led"]!["maxOnTime"]!["ac"]!));
        Assert.Equal(("configured", 203, 0), ((string)reported["logLevel"]!["value"]!, (int)reported["logLevel"]!["ac"]!, (int)reported["logLevel"]!["av"]!));
        Assert.Equal(("PT0.2S", "PT9S", null), ((string?)kept["climate"]!["interval"], (string?)kept["led"]!["maxOnTime"], (string?)kept["logLevel"]));
    }

    [Fact]
    public async Task A_change_that_was_never_delivered_shows_as_a_gap_at_the_next_and_the_whole_twin_puts_everything_right()
    {
        await using ProofBench proof = await ProofBench.StartAsync();
        EmulatedBench bench = proof.Bench;
        bench.StartNode();
        await PatchAsync(bench, """{"climate":{"interval":"PT0.3S"},"logLevel":"warning"}""");
        JsonObject before = await AcknowledgedAsync(bench);

        bench.Hub.Play(new HubFault(HubFaultKind.LoseDesired) { DeviceId = bench.DeviceId, Count = 2, For = TimeSpan.FromMinutes(10) });
        await PatchAsync(bench, """{"climate":{"interval":"PT0.2S"}}""");
        JsonObject lost = await PatchAsync(bench, """{"logLevel":null}""");
        await proof.UntilAsync(() => bench.Hub.Faults[0].State == HubFaultState.Ended, "both changes to be lost");
        JsonObject unaware = (await bench.Service.GetTwinAsync(bench.DeviceId, Cancelled))["properties"]!["reported"]!.AsObject();
        await PatchAsync(bench, """{"led":{"maxOnTime":"PT9S"}}""");
        JsonObject after = await AcknowledgedAsync(bench);

        Assert.Equal(((long)before["lastDesiredVersion"]!, PropertyAnswer.DesiredVersion(lost) - 2), ((long)unaware["lastDesiredVersion"]!, (long)before["lastDesiredVersion"]!));
        Assert.Equal(("PT0.3S", "PT0.2S"), ((string)unaware["climate"]!["interval"]!["value"]!, (string)after["climate"]!["interval"]!["value"]!));
        Assert.Equal(("PT9S", 200), ((string)after["led"]!["maxOnTime"]!["value"]!, (int)after["led"]!["maxOnTime"]!["ac"]!));
        Assert.Equal(("configured", 203, 0), ((string)after["logLevel"]!["value"]!, (int)after["logLevel"]!["ac"]!, (int)after["logLevel"]!["av"]!));
        Assert.Equal((long)before["lastDesiredVersion"]! + 3, (long)after["lastDesiredVersion"]!);
        Assert.Equal(2, bench.Hub.Faults[0].Strikes);
        Assert.DoesNotContain(bench.Hub.ConnectionEvents.Snapshot(), happened => happened.Kind == HubEventKind.Disconnected); // it has heard of it without a reconnect
    }

    private static Task<JsonObject> PatchAsync(EmulatedBench bench, string desired) =>
        bench.Service.PatchDesiredAsync(bench.DeviceId, JsonNode.Parse(desired)!.AsObject(), Cancelled);

    /// <summary>Waits until the node has answered the newest desired version; gives its reported properties.</summary>
    private static async Task<JsonObject> AcknowledgedAsync(EmulatedBench bench)
    {
        JsonObject twin = [];
        bool answered = await Waiting.UntilAsync(
            async () =>
            {
                twin = await bench.Service.GetTwinAsync(bench.DeviceId, Cancelled);
                return (long?)twin["properties"]!["reported"]!["lastDesiredVersion"] == PropertyAnswer.DesiredVersion(twin);
            },
            TimeSpan.FromMinutes(2), TimeProvider.System, Cancelled);
        Assert.True(answered, $"{twin.ToJsonString()}\n{string.Join('\n', bench.Log.Lines(40))}");
        return twin["properties"]!["reported"]!.AsObject();
    }
}
