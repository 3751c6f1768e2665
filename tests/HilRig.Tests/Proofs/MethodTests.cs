using System.Text.Json.Nodes;
using HilRig.Bench;
using HilRig.Service;

namespace HilRig.Tests.Proofs;

/// <summary>Direct methods of the real node, called by the hub's service side.</summary>
[Collection(OneBenchAtATime.Name)]
public sealed class MethodTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_kind_of_method_answers_its_status_and_what_it_promises()
    {
        await using ProofBench proof = await ProofBench.StartAsync();
        EmulatedBench bench = proof.Bench;
        bench.StartNode();
        await proof.UntilArrivedAsync(2);

        MethodAnswer on = await CallAsync(bench, "led*setState", """{"state":"on","commandId":"m1"}""");
        MethodAnswer again = await CallAsync(bench, "led*setState", """{"state":"on","commandId":"m1"}""");
        MethodAnswer pulse = await CallAsync(bench, "led*pulse", "\"PT0.2S\"");
        MethodAnswer read = await CallAsync(bench, "climate*readNow", "null");
        MethodAnswer logs = await CallAsync(bench, "getLogs", """{"tail":5,"loglevel":"information","regex":"led"}""");
        MethodAnswer unknown = await CallAsync(bench, "led*explode", "null");
        MethodAnswer bad = await CallAsync(bench, "led*setState", "\"half\"");
        MethodAnswer none = await CallAsync(bench, "climate*selfTest", "null");

        Assert.Equal((200, "on"), (on.Status, (string)on.Payload!["state"]!));
        Assert.True(JsonNode.DeepEquals(on.Payload, again.Payload));
        Assert.Equal((200, 200, 200, 404, 400, 404), (pulse.Status, read.Status, logs.Status, unknown.Status, bad.Status, none.Status));
        Assert.NotNull(read.Payload!["temperature"]);
        Assert.NotEmpty(logs.Payload!["lines"]!.AsArray());
        await proof.UntilAsync(() => bench.Watch.Latest?.Actuators?[0].State == "off", "the pulse to end");
    }

    [Fact]
    public async Task A_support_bundle_arrives_in_the_blob_store_and_its_end_is_reported()
    {
        await using ProofBench proof = await ProofBench.StartAsync();
        EmulatedBench bench = proof.Bench;
        bench.StartNode();
        await proof.UntilArrivedAsync(2);

        MethodAnswer begun = await CallAsync(bench, "uploadDiagnostics", "null");
        JsonNode? reported = null;
        for (int attempt = 0; attempt < 600 && (string?)reported?["state"] is not ("done" or "failed"); attempt++)
        {
            reported = (await bench.Service.GetTwinAsync(bench.DeviceId, Cancelled))["properties"]!["reported"]!["diagnosticsUpload"];
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancelled);
        }

        Assert.Equal(202, begun.Status);
        Assert.Equal("done", (string?)reported?["state"]);
        Assert.Equal((string)begun.Payload!["blob"]!, (string)reported!["blob"]!);
    }

    [Fact]
    public async Task A_restart_is_answered_and_then_the_node_ends_with_its_own_exit_code_and_everything_off()
    {
        await using ProofBench proof = await ProofBench.StartAsync();
        EmulatedBench bench = proof.Bench;
        bench.StartNode();
        await proof.UntilArrivedAsync(2);
        await CallAsync(bench, "led*setState", "true");

        MethodAnswer answer = await CallAsync(bench, "restart", "null");
        int exitCode = await bench.DiedByItself.WaitAsync(Patience, Cancelled);

        Assert.Equal(202, answer.Status);
        Assert.Equal(75, exitCode);
    }

    private static Task<MethodAnswer> CallAsync(EmulatedBench bench, string name, string payload) =>
        bench.Service.CallMethodAsync(bench.DeviceId, name, JsonNode.Parse(payload), Patience, Cancelled);
}
