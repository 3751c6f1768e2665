using Node.Host.Configuration;
using Node.HubClient;

namespace Node.Host.Hub;

/// <summary>The real client behind the node's seam.</summary>
internal sealed class LowerLayerHubClient(IotHubClientLL client) : IHubClient
{
    public bool IsBusy => client.GetSendStatus(out SendStatus status) == IotHubClientResult.Ok && status == SendStatus.Busy;

    /// <summary>Options of the client for this node.</summary>
    public static HubClientOptions OptionsFor(HubOptions hub, TimeProvider time, Microsoft.Extensions.Logging.ILogger logger, string version) => new()
    {
        Port = hub.Port,
        Protocol = hub.Protocol,
        HttpsPort = hub.HttpsPort,
        Proxy = hub.Proxy,
        TrustedRootsPem = hub.TrustedRootsPem,
        ModelId = hub.ModelId,
        ProductInfo = $"SensorNode/{version}",
        TimeProvider = time,
        Logger = logger,
    };

    public WorkStatus DoWork() => client.DoWork();

    public bool WaitForWork(TimeSpan atMost)
    {
        try
        {
            return client.WaitForWork(atMost);
        }
        catch (ObjectDisposedException)
        {
            return false; // It was disposed by the thread of the turns, or is replaced by another.
        }
    }

    public IotHubClientResult SendEvent(TelemetryMessage message, SendConfirmationCallback callback, object context) =>
        client.SendEvent(message, callback, context);

    public IotHubClientResult SendReportedState(ReadOnlySpan<byte> reportedJson, ReportedStateCallback callback, object context) =>
        client.SendReportedState(reportedJson, callback, context);

    public IotHubClientResult UploadToBlob(string blobName, ReadOnlyMemory<byte> data, UploadEnded ended) => client.UploadToBlob(blobName, data, (upload, _) =>
    {
        if (upload.IsFinished)
        {
            ended(upload.Result == FileUploadResult.Ok, upload.Detail);
        }
    });

    public void Register(ConnectionStatusCallback connection, DeviceTwinCallback twin, MethodArrived methods)
    {
        client.SetConnectionStatusCallback(connection);
        client.SetDeviceTwinCallback(twin);
        client.SetDeviceMethodCallbackEx((request, _) => methods(request.Call, response => client.DeviceMethodResponse(request, response)));
    }

    public void Dispose() => client.Dispose();
}
