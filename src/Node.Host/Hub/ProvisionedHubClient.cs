using Microsoft.Extensions.Logging;
using Node.HubClient;

namespace Node.Host.Hub;

/// <summary>
/// A hub client whose hub the provisioning service names: asked at the first start, and again when the hub refuses the identity. Between
/// two askings lie pauses that grow from 5 s to 1 h. Driven by <see cref="DoWork"/> alone, like what it stands on.
/// </summary>
internal sealed partial class ProvisionedHubClient : IHubClient
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private readonly Func<DpsClient> _registration;
    private readonly Func<DeviceConfig, IHubClient> _connection;
    private readonly HubAssignment _assignment;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ManualResetEventSlim _end = new();
    private ConnectionStatusCallback? _status;
    private DeviceTwinCallback? _twin;
    private MethodArrived? _methods;
    private DpsClient? _dps;
    private DpsResult? _result;
    private IHubClient? _hub;
    private bool _isRefused;
    private int _refusals;
    private long _endedAt;
    private bool _isDisposed;

    /// <summary>Makes no connection yet.</summary>
    /// <param name="registration">Makes a client of the provisioning service.</param>
    /// <param name="connection">Makes a client of the hub that was assigned.</param>
    /// <param name="assignment">What was assigned last.</param>
    /// <param name="time">Source of instants.</param>
    /// <param name="logger">Told of assignments.</param>
    public ProvisionedHubClient(
        Func<DpsClient> registration, Func<DeviceConfig, IHubClient> connection, HubAssignment assignment, TimeProvider time, ILogger logger) =>
        (_registration, _connection, _assignment, _time, _logger) = (registration, connection, assignment, time, logger);

    public bool IsBusy => _hub?.IsBusy ?? false;

    private TimeSpan Pause => _refusals == 0 ? TimeSpan.Zero
        : FirstPause * Math.Pow(2, Math.Min(_refusals - 1, 16)) is var pause && pause < LongestPause ? pause : LongestPause;

    public void Register(ConnectionStatusCallback connection, DeviceTwinCallback twin, MethodArrived methods)
    {
        (_status, _twin, _methods) = (connection, twin, methods);
        if (_assignment.Load() is { } kept)
        {
            Use(kept);
        }
    }

    public WorkStatus DoWork()
    {
        if (_hub is null)
        {
            return Provision();
        }

        WorkStatus status = _hub.DoWork();
        if (_isRefused)
        {
            LeaveHub();
            return new WorkStatus(true, false, TimeSpan.Zero);
        }

        return status;
    }

    public bool WaitForWork(TimeSpan atMost)
    {
        if (Volatile.Read(ref _hub) is { } hub)
        {
            return hub.WaitForWork(atMost);
        }

        _end.Wait(atMost); // The provisioning service is asked by the turns that are due anyhow.
        return false;
    }

    public IotHubClientResult SendEvent(TelemetryMessage message, SendConfirmationCallback callback, object context) =>
        _hub?.SendEvent(message, callback, context) ?? IotHubClientResult.Error;

    public IotHubClientResult SendReportedState(ReadOnlySpan<byte> reportedJson, ReportedStateCallback callback, object context) =>
        _hub?.SendReportedState(reportedJson, callback, context) ?? IotHubClientResult.Error;

    public IotHubClientResult UploadToBlob(string blobName, ReadOnlyMemory<byte> data, UploadEnded ended) =>
        _hub?.UploadToBlob(blobName, data, ended) ?? IotHubClientResult.Error;

    public void Dispose()
    {
        _isDisposed = true;
        _end.Set();
        _dps?.Dispose();
        _hub?.Dispose();
    }

    private WorkStatus Provision()
    {
        if (_dps is null)
        {
            TimeSpan left = Pause - _time.GetElapsedTime(_endedAt);
            if (_refusals > 0 && left > TimeSpan.Zero)
            {
                return new WorkStatus(false, false, left);
            }

            Begin();
        }

        WorkStatus status = _dps!.DoWork();
        if (_result is { } result)
        {
            _result = null;
            _dps.Dispose();
            _dps = null;
            End(result);
            return new WorkStatus(true, false, TimeSpan.Zero);
        }

        return status;
    }

    private void Begin()
    {
        _dps = _registration();
        _dps.SetConnectionStatusCallback((change, _) =>
        {
            if (change.Status == ConnectionStatus.Unauthenticated && !_isDisposed)
            {
                _status?.Invoke(change with { Detail = $"Provisioning service: {change.Detail}" }, null); // Being connected there is not yet being connected to the hub.
            }
        });
        _dps.Register((result, _) => _result = result);
    }

    private void End(DpsResult result)
    {
        _endedAt = _time.GetTimestamp();
        if (result.Status == DpsStatus.Assigned)
        {
            DeviceConfig hub = result.ToDeviceConfig();
            LogAssigned(_logger, hub.DeviceId, hub.HostName);
            Keep(hub);
            Use(hub);
            return;
        }

        _refusals++;
        ConnectionStatusReason reason = result.Status == DpsStatus.Disabled ? ConnectionStatusReason.DeviceDisabled : ConnectionStatusReason.BadCredential;
        _status?.Invoke(new ConnectionStatusChange(ConnectionStatus.Unauthenticated, reason, $"Provisioning service: {result.Status}, {result.Detail}", result.RawStatus, Pause), null);
    }

    private void Keep(DeviceConfig hub)
    {
        try
        {
            _assignment.Keep(hub);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            LogNotKept(_logger, refused.Message);
        }
    }

    private void Use(DeviceConfig hub)
    {
        _hub = _connection(hub);
        _hub.Register(
            (change, context) =>
            {
                _isRefused |= change is { Status: ConnectionStatus.Unauthenticated, Reason: ConnectionStatusReason.BadCredential or ConnectionStatusReason.DeviceDisabled };
                _refusals = change.Status == ConnectionStatus.Authenticated ? 0 : _refusals;
                _status!(change, context);
            },
            _twin!, _methods!);
    }

    private void LeaveHub()
    {
        _isRefused = false;
        _refusals++;
        _endedAt = _time.GetTimestamp();
        _hub!.Dispose();
        _hub = null;
        LogLeft(_logger, Pause);
    }

    [LoggerMessage(EventId = 150, Level = LogLevel.Information, Message = "The provisioning service assigned {DeviceId} to {Hub}")]
    private static partial void LogAssigned(ILogger logger, string deviceId, string hub);

    [LoggerMessage(EventId = 151, Level = LogLevel.Warning, Message = "The hub refuses this device; the provisioning service is asked again in {Pause}")]
    private static partial void LogLeft(ILogger logger, TimeSpan pause);

    [LoggerMessage(EventId = 152, Level = LogLevel.Warning, Message = "The assignment cannot be kept, so the next start asks again: {Reason}")]
    private static partial void LogNotKept(ILogger logger, string reason);
}
