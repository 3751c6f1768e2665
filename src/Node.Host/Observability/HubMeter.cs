using System.Diagnostics.Metrics;
using Node.HubClient;

namespace Node.Host.Observability;

/// <summary>Counts what goes between node and hub. Any thread.</summary>
internal sealed class HubMeter
{
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Counter<long> _sent;
    private readonly Counter<long> _confirmed;
    private readonly Counter<long> _retried;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _losses;
    private readonly Counter<long> _methods;
    private readonly Counter<long> _reported;
    private readonly Counter<long> _turns;
    private readonly Histogram<double> _duration;
    private TimeSpan _offline;
    private long _underWay;
    private long? _offlineSince;
    private bool _wasConnected;

    public HubMeter(NodeMeters meters, TimeProvider time)
    {
        _time = time;
        _offlineSince = time.GetTimestamp();
        Meter hub = meters.Hub;
        _sent = NodeMeters.Counter(hub, "sensornode.hub.messages.sent", "Messages handed to the hub client, repeats counted.");
        _confirmed = NodeMeters.Counter(hub, "sensornode.hub.messages.confirmed", "Messages that the hub has confirmed.");
        _retried = NodeMeters.Counter(hub, "sensornode.hub.messages.retried", "Messages that go out again: under way when the connection broke, or ended unconfirmed.");
        _duration = NodeMeters.Duration(hub, "sensornode.hub.send.duration", "From handing a message to the hub client to its confirmation.");
        _failures = hub.CreateCounter<long>("sensornode.hub.connect.failures", null, "Attempts to connect that failed and connections that broke, by reason.");
        _losses = NodeMeters.Counter(hub, "sensornode.hub.offline", "How often the connection was lost.");
        _methods = hub.CreateCounter<long>("sensornode.hub.methods", null, "Direct methods answered, by status.");
        _reported = hub.CreateCounter<long>("sensornode.hub.reported_properties", null, "Patches of reported properties that ended, by status.");
        _turns = NodeMeters.Counter(hub, "sensornode.hub.turns", "Turns of the hub client (DoWork).");
        hub.CreateObservableCounter("sensornode.hub.offline.duration", () => Offline.TotalSeconds, "s", "Time without a connection to the hub.");
        hub.CreateObservableGauge("sensornode.hub.connected", () => IsConnected ? 1 : 0, null, "1 while the hub has accepted this node, else 0.");
    }

    private bool IsConnected
    {
        get
        {
            lock (_gate) { return _offlineSince is null; }
        }
    }

    private TimeSpan Offline
    {
        get
        {
            lock (_gate) { return _offline + (_offlineSince is { } since ? _time.GetElapsedTime(since) : TimeSpan.Zero); }
        }
    }

    public void Turn() => _turns.Add(1);

    public void Sent()
    {
        _sent.Add(1);
        Interlocked.Increment(ref _underWay);
    }

    /// <summary>A message ended.</summary>
    public void Ended(bool confirmed, TimeSpan after)
    {
        Interlocked.Decrement(ref _underWay);
        if (confirmed)
        {
            _confirmed.Add(1);
            _duration.Record(after.TotalSeconds);
        }
        else
        {
            _retried.Add(1);
        }
    }

    public void ReportedEnded(int status) => _reported.Add(1, new KeyValuePair<string, object?>("status", status));

    public void MethodAnswered(int status) => _methods.Add(1, new KeyValuePair<string, object?>("status", status));

    /// <summary>Takes over a connection event.</summary>
    public void Changed(ConnectionStatusChange change)
    {
        bool connected = change.Status == ConnectionStatus.Authenticated;
        lock (_gate)
        {
            if (connected && _offlineSince is { } since)
            {
                _offline += _time.GetElapsedTime(since);
                _offlineSince = null;
            }
            else if (!connected)
            {
                _offlineSince ??= _time.GetTimestamp();
            }
        }

        if (!connected)
        {
            _failures.Add(1, new KeyValuePair<string, object?>("reason", change.Reason.ToString()));
            if (_wasConnected)
            {
                _losses.Add(1);
                _retried.Add(Math.Max(0, Interlocked.Read(ref _underWay))); // The client repeats them over the next connection.
            }
        }

        _wasConnected = connected;
    }
}
