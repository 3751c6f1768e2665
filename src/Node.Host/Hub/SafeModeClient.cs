using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Node.Host.Twin;
using Node.HubClient;

namespace Node.Host.Hub;

/// <summary>A hub client in safe mode: what the cloud desires is kept from the node, for it may be what brought it down. All else passes.</summary>
internal sealed class SafeModeClient(IHubClient client) : IHubClient
{
    public bool IsBusy => client.IsBusy;

    public WorkStatus DoWork() => client.DoWork();

    public bool WaitForWork(TimeSpan atMost) => client.WaitForWork(atMost);

    public IotHubClientResult SendEvent(TelemetryMessage message, SendConfirmationCallback callback, object context) => client.SendEvent(message, callback, context);

    public IotHubClientResult SendReportedState(ReadOnlySpan<byte> reportedJson, ReportedStateCallback callback, object context) =>
        client.SendReportedState(reportedJson, callback, context);

    public IotHubClientResult UploadToBlob(string blobName, ReadOnlyMemory<byte> data, UploadEnded ended) => client.UploadToBlob(blobName, data, ended);

    public void Register(ConnectionStatusCallback connection, DeviceTwinCallback twin, MethodArrived methods) => client.Register(
        connection,
        (state, json, context) =>
        {
            if (state == TwinUpdateState.Complete && WithoutDesired(json) is { } rest)
            {
                twin(state, rest, context);
            }
        },
        methods);

    public void Dispose() => client.Dispose();

    /// <summary>The twin as if nothing were desired: <c>{"desired":{"$version":7},"reported":{…}}</c>; null when it is none.</summary>
    private static byte[]? WithoutDesired(ReadOnlySpan<byte> json)
    {
        try
        {
            JsonObject? twin = StrictJson.Parse(json) as JsonObject;
            if (twin?["desired"] is JsonObject desired)
            {
                twin["desired"] = new JsonObject { ["$version"] = desired["$version"]?.DeepClone() };
            }

            return twin is null ? null : Encoding.UTF8.GetBytes(twin.ToJsonString());
        }
        catch (JsonException)
        {
            return null; // The hub's text is no JSON: there is nothing in it to take over.
        }
    }
}
