using System.Text.Json.Nodes;
using HilRig.Checks;
using HilRig.Service;

namespace HilRig.Bench;

/// <summary>
/// Looks at the node and its twin from outside, five times a second, and keeps what the checks need. Safe for any number of threads.
/// </summary>
internal sealed class NodeWatch(NodeFace face, ServiceClient service, string deviceId, long? baseline, TimeProvider clock)
{
    private const int MostTwins = 1000;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);
    private readonly Lock _guard = new();
    private readonly List<TwinSnapshot> _twins = [];
    private NodeStatus? _latest;
    private long _zero;
    private int _processId;
    private long _reportedVersion;

    /// <summary>The newest status of the running process; null until it answers.</summary>
    public NodeStatus? Latest
    {
        get
        {
            lock (_guard)
            {
                return _latest;
            }
        }
    }

    /// <summary>From the first process's start to its first connection, by the node's own account; null before.</summary>
    public TimeSpan? Connected { get; private set; }

    /// <summary>The highest sequence number that the node ever called durable.</summary>
    public long HighestDurable { get; private set; }

    /// <summary>The last sequence number before this run: 0 for a node that was never started before, else null until its first answer.</summary>
    public long? Baseline { get; private set; } = baseline;

    /// <summary>What the node had dropped before this run, because it counts over the life of its spool; null like <see cref="Baseline"/>.</summary>
    public long? DroppedBefore { get; private set; } = baseline;

    /// <summary>Every sensor seen so far.</summary>
    public IReadOnlyList<string> SensorNames { get; private set; } = [];

    public IReadOnlyList<TwinSnapshot> Twins
    {
        get
        {
            lock (_guard)
            {
                return [.. _twins];
            }
        }
    }

    /// <summary>Follows another process from now on; the first call sets the zero of every time.</summary>
    public void Follow(NodeProcess process)
    {
        lock (_guard)
        {
            _zero = _zero == 0 ? process.StartedAt : _zero;
            _processId = process.Id;
            _latest = null;
        }
    }

    /// <summary>Looks until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var pace = new PeriodicTimer(Period, clock);
            do
            {
                await LookAsync(cancellationToken);
            }
            while (await pace.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The bench is being taken down; nobody looks any more.
        }
    }

    /// <summary>One look, now.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        int processId = _processId;
        NodeStatus? status = processId == 0 ? null : await face.ReadStatusAsync(processId, cancellationToken);
        JsonObject? twin = await ReadTwinAsync(cancellationToken);
        lock (_guard)
        {
            if (status is not null && processId == _processId)
            {
                Take(status);
            }
            if (twin is not null)
            {
                Take(twin);
            }
        }
    }

    private void Take(NodeStatus status)
    {
        _latest = status;
        // A reading that is stored just now is in the sequence and not yet in the count: a later status has it in both.
        Baseline = Math.Min(Baseline ?? long.MaxValue, status.Telemetry.LastDurableSequence - status.Telemetry.Durable);
        DroppedBefore ??= status.Telemetry.Dropped;
        HighestDurable = Math.Max(HighestDurable, status.Telemetry.LastDurableSequence);
        Connected ??= status.ConnectSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        if (status.Sensors is { Count: > 0 } sensors)
        {
            SensorNames = [.. sensors.Select(sensor => sensor.Name)];
        }
    }

    private void Take(JsonObject twin)
    {
        long version = twin["properties"]?["reported"]?["$version"]?.GetValue<long>() ?? 0;
        if (version != _reportedVersion && _zero != 0 && _twins.Count < MostTwins)
        {
            _reportedVersion = version;
            _twins.Add(new TwinSnapshot(clock.GetElapsedTime(_zero), twin));
        }
    }

    private async Task<JsonObject?> ReadTwinAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await service.GetTwinAsync(deviceId, cancellationToken);
        }
        catch (RigException fault) when (fault.Fault is RigFault.HubUnreachable or RigFault.HubRefused)
        {
            return null; // an outage is part of the run: the next look tries again
        }
    }
}
