using System.Globalization;
using HilRig.Checks;
using HubEmulator;

namespace HilRig.Bench;

/// <summary>
/// The rig's own account of what reached the hub, by the message ids <c>{boot}-{sequence}</c>: every sequence number for ever, the newest arrivals in full.
/// </summary>
internal sealed class ArrivalLog(TelemetryLog telemetry, string deviceId, DateTimeOffset zero)
{
    private const int MostKept = 100_000;
    private readonly Lock _guard = new();
    private readonly Queue<Arrival> _arrivals = new();
    private readonly SequenceSet _sequences = new();
    private long _seen;

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
        if (!TryParseId(message.MessageId, out string bootId, out long sequence))
        {
            Unnumbered++;
            return;
        }
        _sequences.Add(sequence);
        if (_arrivals.Count == MostKept)
        {
            _arrivals.Dequeue();
        }
        string? component = message.SystemProperties.GetValueOrDefault("$.sub");
        _arrivals.Enqueue(new Arrival(message.EnqueuedTime - zero, bootId, sequence, component, SampledAt(message)));
    }

    private TimeSpan? SampledAt(ReceivedTelemetry message) =>
        DateTimeOffset.TryParse(message.SystemProperties.GetValueOrDefault("$.ctime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset created)
            ? created - zero
            : null;
}
