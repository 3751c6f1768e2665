using Node.HubClient;

namespace Node.Host.Hub;

/// <summary>What the node uses of the hub client, so that a scripted one can stand in its place. Semantics are <see cref="IotHubClientLL"/>'s.</summary>
internal interface IHubClient : IDisposable
{
    bool IsBusy { get; }

    WorkStatus DoWork();

    IotHubClientResult SendEvent(TelemetryMessage message, SendConfirmationCallback callback, object context);

    IotHubClientResult SendReportedState(ReadOnlySpan<byte> reportedJson, ReportedStateCallback callback, object context);

    void Register(ConnectionStatusCallback connection, DeviceTwinCallback twin, DeviceMethodCallback methods);
}
