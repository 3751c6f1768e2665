using Node.HubClient;

namespace Node.Host.Hub;

/// <summary>What the node uses of the hub client, so that a scripted one can stand in its place. Semantics are <see cref="IotHubClientLL"/>'s.</summary>
internal interface IHubClient : IDisposable
{
    bool IsBusy { get; }

    WorkStatus DoWork();

    /// <summary>
    /// Sleeps until a turn pays, at most that long; less where the client must be looked at often just now, as while a connection opens. One thread, which may be another
    /// than that of the turns. False when nothing happened; at once when the client is disposed.
    /// </summary>
    bool WaitForWork(TimeSpan atMost);

    IotHubClientResult SendEvent(TelemetryMessage message, SendConfirmationCallback callback, object context);

    IotHubClientResult SendReportedState(ReadOnlySpan<byte> reportedJson, ReportedStateCallback callback, object context);

    IotHubClientResult UploadToBlob(string blobName, ReadOnlyMemory<byte> data, UploadEnded ended);

    void Register(ConnectionStatusCallback connection, DeviceTwinCallback twin, MethodArrived methods);
}

/// <summary>Told the end of an upload, inside <see cref="IHubClient.DoWork"/>.</summary>
/// <param name="isStored">Whether the blob is stored and the hub knows it.</param>
/// <param name="detail">Why not, for people; else empty.</param>
internal delegate void UploadEnded(bool isStored, string detail);

/// <summary>Takes a direct method call, inside <see cref="IHubClient.DoWork"/>.</summary>
/// <param name="call">The call.</param>
/// <param name="answer">Takes the answer, once, now or later, on any thread. One that comes after the connection has gone is dropped.</param>
internal delegate void MethodArrived(MethodCall call, Action<MethodResponse> answer);
