using System.Text.Json.Nodes;
using HubEmulator;
using Interop.NodeSdk.Support;

namespace Interop.NodeSdk;

/// <summary>The device SDK over HTTPS: events, batches, and messages with every way to settle one.</summary>
public sealed class HttpTests(SdkPackages sdk) : IDisposable
{
    private readonly CertificateFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_device_sends_and_settles_messages_over_HTTPS(bool withCertificate)
    {
        DeviceCertificate own = CertificateFiles.SelfSigned(InteropHub.DeviceId);
        LocalDevice device = withCertificate ? new LocalDevice(InteropHub.DeviceId) { Thumbprint = own.Thumbprint } : new LocalDevice(InteropHub.DeviceId, InteropHub.Key);
        await using InteropHub hub = await InteropHub.StartAsync(sdk, new LocalHubOptions { Devices = [device] });
        (string certificate, string key) = await _files.WriteAsync("own", own);
        await using NodeScript script = hub.Run("http.js", [("HUB_MQTT_PORT", "1"), .. withCertificate ? [("CERT_FILE", certificate), ("KEY_FILE", key)] : Array.Empty<(string, string)>()]);

        await script.ReachesAsync("sent");
        Send(hub, "twice", C2dAck.Full);
        Send(hub, "refused", C2dAck.Full);
        await script.ProceedAsync();
        JsonNode findings = await script.FindingsAsync();

        IReadOnlyList<ReceivedTelemetry> telemetry = hub.Hub.Telemetry.Snapshot();
        Assert.Equal(["""{"t":1}""", "one", "two"], telemetry.Select(message => message.Text()));
        Assert.Equal(("m1", "application/json", "high"), (telemetry[0].MessageId, telemetry[0].SystemProperties["$.ct"], telemetry[0].ApplicationProperties["level"]));
        Assert.Equal("1", telemetry[1].ApplicationProperties["a"]);
        Assert.Equal(3, findings["taken"]!.AsArray().Count);
        Assert.Equal(["abandon", "complete", "reject"], findings["settled"]!.AsArray().Select(one => (string)one!).Order(StringComparer.Ordinal));
        Assert.Equal(
            [("refused", C2dEnding.Rejected), ("twice", C2dEnding.Success)],
            hub.Hub.Feedback.Snapshot().Select(one => (one.OriginalMessageId, one.Ending)).OrderBy(one => one.OriginalMessageId, StringComparer.Ordinal));
    }

    private static void Send(InteropHub hub, string id, C2dAck ack) => Assert.True(hub.Hub.TrySendMessage(
        InteropHub.DeviceId, new C2dMessage { MessageId = id, Body = System.Text.Encoding.UTF8.GetBytes(id), Ack = ack, Properties = [KeyValuePair.Create("key", (string?)"value")] }));
}
