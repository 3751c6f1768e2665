using System.Text;
using System.Text.Json.Nodes;
using Node.Host.Hub;
using Node.HubClient;

namespace Node.Host.Tests.TestKit;

/// <summary>A hub client whose hub is the test: it records what is sent and ends it when the test says so, inside <see cref="DoWork"/>.</summary>
internal sealed class ScriptedHubClient : IHubClient
{
    private readonly Queue<Action> _due = new();
    private readonly List<(TelemetryMessage Message, SendConfirmationCallback Callback, object Context)> _inFlight = [];
    private readonly List<(JsonObject Patch, ReportedStateCallback Callback, object Context)> _patches = [];
    private ConnectionStatusCallback? _connection;
    private DeviceTwinCallback? _twin;
    private MethodArrived? _methods;

    public List<TelemetryMessage> Sent { get; } = [];

    public List<JsonObject> Reported { get; } = [];

    public IotHubClientResult NextSend { get; set; } = IotHubClientResult.Ok;

    /// <summary>A larger body is refused.</summary>
    public int SizeLimit { get; set; } = int.MaxValue;

    public bool IsBusy => _inFlight.Count > 0;

    public bool IsDisposed { get; private set; }

    public WorkStatus DoWork()
    {
        while (_due.TryDequeue(out Action? happened))
        {
            happened();
        }

        return new WorkStatus(false, IsBusy, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether <see cref="WaitForWork"/> answers that there is work; it sleeps otherwise.</summary>
    public SemaphoreSlim Work { get; } = new(0);

    public bool WaitForWork(TimeSpan atMost) => !IsDisposed && Work.Wait(atMost);

    public IotHubClientResult SendEvent(TelemetryMessage message, SendConfirmationCallback callback, object context)
    {
        if (message.Body.Length > SizeLimit)
        {
            return IotHubClientResult.InvalidSize;
        }

        if (NextSend == IotHubClientResult.Ok)
        {
            Sent.Add(message);
            _inFlight.Add((message, callback, context));
        }

        return NextSend;
    }

    public IotHubClientResult SendReportedState(ReadOnlySpan<byte> reportedJson, ReportedStateCallback callback, object context)
    {
        JsonObject patch = JsonNode.Parse(reportedJson)!.AsObject();
        Reported.Add(patch);
        _patches.Add((patch, callback, context));
        return IotHubClientResult.Ok;
    }

    public void Register(ConnectionStatusCallback connection, DeviceTwinCallback twin, MethodArrived methods) =>
        (_connection, _twin, _methods) = (connection, twin, methods);

    public void Connect() => _due.Enqueue(() => _connection!(
        new ConnectionStatusChange(ConnectionStatus.Authenticated, ConnectionStatusReason.Ok, "Connected.", 0, null), null));

    public void Disconnect() => _due.Enqueue(() => _connection!(
        new ConnectionStatusChange(ConnectionStatus.Unauthenticated, ConnectionStatusReason.NoNetwork, "The cable is out.", null, TimeSpan.FromSeconds(1)), null));

    public void Twin(TwinUpdateState state, string json) => Twin(state, Encoding.UTF8.GetBytes(json));

    public void Twin(TwinUpdateState state, byte[] json) => _due.Enqueue(() => _twin!(state, json, null));

    /// <summary>Calls a method that answers at once.</summary>
    public MethodResponse Call(string name, string payload)
    {
        Task<MethodResponse> answer = CallAsync(name, payload);
        Assert.True(answer.IsCompleted, $"{name} did not answer at once");
        return answer.Result;
    }

    /// <summary>Calls a method that may answer later; a second answer fails the test.</summary>
    public Task<MethodResponse> CallAsync(string name, string payload) => CallAsync(name, Encoding.UTF8.GetBytes(payload));

    /// <summary>The same with bytes that need not be text.</summary>
    public Task<MethodResponse> CallAsync(string name, byte[] payload)
    {
        var answer = new TaskCompletionSource<MethodResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        _methods!(new MethodCall(name, payload), answer.SetResult);
        return answer.Task;
    }

    /// <summary>What was uploaded, with whom to tell its end.</summary>
    public List<(string Name, byte[] Data, UploadEnded Ended)> Uploads { get; } = [];

    public IotHubClientResult UploadToBlob(string blobName, ReadOnlyMemory<byte> data, UploadEnded ended)
    {
        Uploads.Add((blobName, data.ToArray(), ended));
        return IotHubClientResult.Ok;
    }

    /// <summary>Ends every message in flight in the next turn.</summary>
    public void EndTelemetry(SendConfirmation result)
    {
        foreach ((_, SendConfirmationCallback callback, object context) in _inFlight)
        {
            _due.Enqueue(() => callback(result, context));
        }

        _inFlight.Clear();
    }

    /// <summary>Ends every reported patch under way in the next turn.</summary>
    public void EndReported(int status)
    {
        foreach ((_, ReportedStateCallback callback, object context) in _patches)
        {
            _due.Enqueue(() => callback(status, context));
        }

        _patches.Clear();
    }

    public void Dispose()
    {
        IsDisposed = true;
        EndTelemetry(SendConfirmation.BecauseDestroy);
        EndReported(0);
        DoWork();
    }
}
