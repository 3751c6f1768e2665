using Node.HubClient.Connection;
using Node.HubClient.Dialect;

namespace Node.HubClient.Features;

/// <summary>
/// Desired properties, level-triggered: whatever was missed, one snapshot brings everything. A snapshot is fetched after each connect,
/// at each registration and whenever a push skips a version; in between each push is handed on once, in order.
/// </summary>
internal sealed class DesiredProperties(HubDialect dialect, TimeProvider clock, Defect defect = Defect.None)
{
    private const long Unknown = Protocol.TwinVersion.Unknown;
    private const int StaleMaximum = 5;
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryCap = TimeSpan.FromSeconds(60);

    private DeviceTwinCallback? _callback;
    private object? _context;
    private long _version = Unknown;
    private long _newestPush = Unknown;
    private bool _snapshotDue;
    private int _requestId = -1;
    private long _requestedAt;
    private int _failures;
    private int _stale; // snapshots in a row that were older than a push
    private long _failedAt;

    /// <summary>Whether a callback is registered and desired properties are wanted.</summary>
    public bool IsWanted => _callback is not null;

    /// <summary>Whether the whole twin is to be asked for, now or after a wait.</summary>
    public bool WantsSnapshot => _snapshotDue;

    /// <summary>Whether the answer to a request is due.</summary>
    public bool AwaitsAnswer => _requestId >= 0;

    /// <summary>Registers, which asks for a snapshot, or unregisters with null.</summary>
    public void Register(DeviceTwinCallback? callback, object? context)
    {
        _callback = callback;
        _context = context;
        AskForSnapshot();
    }

    /// <summary>A new connection: pushes may have been missed.</summary>
    public void BeginConnection() => AskForSnapshot();

    /// <summary>Publishes the request for a snapshot when one is due and its retry wait is over.</summary>
    public void Publish(IMqttTransport transport, ref int nextRequestId, long now)
    {
        if (!_snapshotDue || !IsWanted || AwaitsAnswer || RetryWait(now) > TimeSpan.Zero)
        {
            return;
        }

        byte[] packet = dialect.ReadTwin(nextRequestId);
        if (transport.FreeBytes >= packet.Length)
        {
            transport.Publish(packet);
            _requestId = nextRequestId++;
            _requestedAt = now;
        }
    }

    /// <summary>Takes the answer to our request; false when the request id is none of ours.</summary>
    public bool TryComplete(int requestId, int status, ReadOnlySpan<byte> body, long now, Callbacks callbacks)
    {
        if (requestId != _requestId)
        {
            return false;
        }

        _requestId = -1;
        if (status is < 200 or >= 300 || !dialect.TryReadDesiredVersion(body, out long version))
        {
            Fail(now);
            return true;
        }

        _version = version == Unknown ? Math.Max(_newestPush, 0) : version; // A hub that writes no version is taken at its word: this is the newest.
        Compare(now);
        callbacks.Twin(_callback, TwinUpdateState.Complete, body, _context);
        return true;
    }

    /// <summary>Takes a push: the next version is handed on, an old one dropped, a gap answered by a snapshot.</summary>
    public void Push(long version, ReadOnlySpan<byte> patch, Callbacks callbacks)
    {
        _newestPush = Math.Max(_newestPush, version);
        if (!IsWanted || _version == Unknown || version <= _version)
        {
            return;
        }

        if (version == _version + 1 && !_snapshotDue)
        {
            _version = version;
            callbacks.Twin(_callback, TwinUpdateState.Partial, patch, _context);
        }
        else
        {
            _snapshotDue = defect is not Defect.NoSnapshotAtGap;
        }
    }

    /// <summary>Gives up on a request unanswered for 60 s; the next one follows after a wait.</summary>
    public void Expire(long now)
    {
        if (AwaitsAnswer && clock.GetElapsedTime(_requestedAt, now) >= AnswerTimeout)
        {
            _requestId = -1;
            Fail(now);
        }
    }

    /// <summary>Time until this has something to do; null when nothing is due.</summary>
    public TimeSpan? NextDue(long now) =>
        AwaitsAnswer ? AnswerTimeout - clock.GetElapsedTime(_requestedAt, now)
        : _snapshotDue && IsWanted ? RetryWait(now)
        : null;

    private void AskForSnapshot()
    {
        _version = Unknown;
        _newestPush = Unknown;
        _snapshotDue = IsWanted;
        _requestId = -1;
        _failures = 0;
        _stale = 0;
    }

    /// <summary>
    /// A push may have overtaken the snapshot: then another is fetched at once, and after that ever more slowly, since the hub's parts may lag behind each other.
    /// A version that no snapshot ever reaches was none.
    /// </summary>
    private void Compare(long now)
    {
        _failures = 0;
        _stale = _newestPush > _version ? _stale + 1 : 0;
        if (_stale > StaleMaximum)
        {
            _newestPush = _version;
            _stale = 0;
        }

        _snapshotDue = _stale > 0;
        if (_stale > 1)
        {
            _failures = _stale - 1;
            _failedAt = now;
        }
    }

    private void Fail(long now)
    {
        _failures++;
        _failedAt = now;
        _snapshotDue = defect is not Defect.NoTwinRetry;
    }

    private TimeSpan RetryWait(long now)
    {
        if (_failures == 0)
        {
            return TimeSpan.Zero;
        }

        TimeSpan wait = _failures > 6 ? RetryCap : FirstRetry * (1 << (_failures - 1));
        TimeSpan left = wait - clock.GetElapsedTime(_failedAt, now);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
