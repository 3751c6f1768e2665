using System.Globalization;
using HilRig.Checks;
using HubEmulator;

namespace HilRig.Bench;

/// <summary>
/// The rig's own account of what reached the hub, by the message ids <c>{boot}-{sequence}</c> and those inside batches: every sequence number for ever, the newest arrivals in full.
/// </summary>
internal sealed class ArrivalLog(TelemetryLog telemetry, string deviceId, DateTimeOffset zero)
{
    private const int MostKept = 100_000;
    private readonly Lock _guard = new();
    private readonly Queue<Arrival> _arrivals = new();
    private readonly SequenceSet _sequences = new();
    private readonly HashSet<string> _ids = [];
    private long _seen;

    /// <summary>Readings that arrived, alone or in batches, repeats counted.</summary>
    public long Received { get; private set; }

    /// <summary>Different ids of readings: the number of different sequence numbers, when no reading ever comes under two ids.</summary>
    public long Distinct => _ids.Count;

    /// <summary>Messages whose id is not of the node's form; they belong to no reading.</summary>
    public long Unnumbered { get; private set; }

    /// <summary>Takes over what came since the last call; answers the count of different sequence numbers so far.</summary>
    public long Refresh()
    {
        lock (_guard)
        {
            foreach (ReceivedTelemetry message in telemetry.After(_seen, MostKept))
            {
                _seen = message.SequenceNumber;
                if (message.DeviceId == deviceId)
                {
                    Take(message);
                }
            }
            return _sequences.Count;
        }
    }

    /// <summary>The kept arrivals in their order.</summary>
    public IReadOnlyList<Arrival> Snapshot()
    {
        Refresh();
        lock (_guard)
        {
            return [.. _arrivals];
        }
    }

    public long LastSequence
    {
        get
        {
            lock (_guard)
            {
                return _sequences.Last;
            }
        }
    }

    public IReadOnlyList<SequenceRange> MissingBetween(long first, long last)
    {
        lock (_guard)
        {
            return _sequences.MissingBetween(first, last);
        }
    }

    internal static bool TryParseId(string? messageId, out string bootId, out long sequence)
    {
        int dash = messageId?.LastIndexOf('-') ?? -1;
        bootId = dash > 0 ? messageId![..dash] : "";
        sequence = 0;
        return dash > 0 && long.TryParse(messageId.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out sequence) && sequence > 0;
    }

    private void Take(ReceivedTelemetry message)
    {
        if (!BatchReader.IsBatch(message))
        {
            Take(message, message.MessageId, SampledAt(message));
            return;
        }
        IReadOnlyList<(string Id, DateTimeOffset? SampledAt)> readings = BatchReader.Read(message);
        Unnumbered += readings.Count == 0 ? 1 : 0;
        foreach ((string id, DateTimeOffset? sampledAt) in readings)
        {
            Take(message, id, sampledAt - zero);
        }
    }

    private void Take(ReceivedTelemetry message, string? id, TimeSpan? sampledAt)
    {
        if (!TryParseId(id, out string bootId, out long sequence))
        {
            Unnumbered++;
            return;
        }
        Received++;
        _ids.Add(id!);
        _sequences.Add(sequence);
        if (_arrivals.Count == MostKept)
        {
            _arrivals.Dequeue();
        }
        string? component = message.SystemProperties.GetValueOrDefault("$.sub");
        _arrivals.Enqueue(new Arrival(message.EnqueuedTime - zero, bootId, sequence, component, sampledAt));
    }

    private TimeSpan? SampledAt(ReceivedTelemetry message) =>
        DateTimeOffset.TryParse(message.SystemProperties.GetValueOrDefault("$.ctime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset created)
            ? created - zero
            : null;
}
