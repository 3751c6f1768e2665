#pragma warning disable CA1822 // the members follow in the next commits
using System.Diagnostics;

namespace Node.HubClient;

/// <summary>
/// The caller-driven ("lower layer") IoT Hub device client: it moves only inside <see cref="DoWork"/>, has no thread, no timer and
/// no callback outside <see cref="DoWork"/> and <see cref="Dispose"/>. Enqueueing is thread-safe; <see cref="DoWork"/> is single-entry.
/// </summary>
public sealed class IotHubClientLL : IDisposable
{
    private IotHubClientLL()
    {
    }

    /// <summary>Parses, builds, does no I/O: the first <see cref="DoWork"/> connects.</summary>
    /// <exception cref="FormatException">The connection string is malformed or its parts contradict each other; the text names the part, never a secret.</exception>
    public static IotHubClientLL CreateFromConnectionString(string connectionString, HubClientOptions? options = null) => throw new UnreachableException();

    /// <summary>Copies the message and queues it. Any thread.</summary>
    public IotHubClientResult SendEvent(TelemetryMessage message, SendConfirmationCallback? callback = null, object? context = null) => throw new UnreachableException();

    /// <summary>Registers for connection events; null unregisters. The present status is not replayed.</summary>
    public IotHubClientResult SetConnectionStatusCallback(ConnectionStatusCallback? callback, object? context = null) => throw new UnreachableException();

    /// <summary>Registers for desired properties; null unregisters. Each registration fetches the whole twin.</summary>
    public IotHubClientResult SetDeviceTwinCallback(DeviceTwinCallback? callback, object? context = null) => throw new UnreachableException();

    /// <summary>Copies a merge patch of the reported section and queues it. Any thread.</summary>
    public IotHubClientResult SendReportedState(ReadOnlySpan<byte> reportedJson, ReportedStateCallback? callback = null, object? context = null) => throw new UnreachableException();

    /// <summary>Registers the handler of direct methods; null unregisters.</summary>
    public IotHubClientResult SetDeviceMethodCallback(DeviceMethodCallback? callback, object? context = null) => throw new UnreachableException();

    /// <summary>Whether accepted telemetry is still waiting or in flight. Reported states are not counted.</summary>
    public bool IsBusy => throw new UnreachableException();

    /// <summary>One turn: never blocks, does a bounded amount of work, runs every callback that is due.</summary>
    public WorkStatus DoWork() => throw new UnreachableException();

    /// <summary>Closes the connection and completes every pending callback. A second call does nothing.</summary>
    public void Dispose()
    {
    }
}
