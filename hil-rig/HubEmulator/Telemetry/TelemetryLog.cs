using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace HubEmulator;

/// <summary>
/// The telemetry that arrived, in memory: the newest messages in full, and for all of them the counts.
/// Safe for any number of threads.
/// </summary>
public sealed class TelemetryLog
{
    /// <summary>Messages kept in full; older ones are dropped first and counted in <see cref="Dropped"/>.</summary>
    public const int Capacity = 100_000;

    /// <summary>Bytes of payload kept; beyond it the oldest messages go too, but never the newest.</summary>
    public const long CapacityBytes = 256L << 20;

    /// <summary>Message ids remembered for <see cref="DistinctMessageIds"/>; beyond it the count is a lower bound.</summary>
    public const int MostDistinctMessageIds = 5_000_000;

    private readonly Lock _guard = new();
    private readonly Queue<ReceivedTelemetry> _newest = new();
    private readonly HashSet<UInt128> _messageIds = []; // digests: five million texts would take most of a gigabyte
    private TaskCompletionSource? _arrival;
    private long _received;
    private long _bytes;
    private bool _forgotIds;

    /// <summary>All messages since the start of the hub, repeats included.</summary>
    public long Received
    {
        get
        {
            lock (_guard)
            {
                return _received;
            }
        }
    }

    /// <summary>Messages that are counted but no longer kept in full.</summary>
    public long Dropped
    {
        get
        {
            lock (_guard)
            {
                return _received - _newest.Count;
            }
        }
    }

    /// <summary>Different pairs of device and message id since the start of the hub. A message without an id does not count.</summary>
    public long DistinctMessageIds
    {
        get
        {
            lock (_guard)
            {
                return _messageIds.Count;
            }
        }
    }

    /// <summary>False once an id had to be left out of <see cref="DistinctMessageIds"/>.</summary>
    public bool DistinctMessageIdsIsExact
    {
        get
        {
            lock (_guard)
            {
                return !_forgotIds;
            }
        }
    }

    /// <summary>The kept messages, oldest first.</summary>
    public IReadOnlyList<ReceivedTelemetry> Snapshot()
    {
        lock (_guard)
        {
            return [.. _newest];
        }
    }

    /// <summary>Kept messages that came after a given one, oldest first.</summary>
    /// <param name="sequenceNumber">The last message that the caller has; 0 for none.</param>
    /// <param name="most">How many to return at most.</param>
    public IReadOnlyList<ReceivedTelemetry> After(long sequenceNumber, int most)
    {
        lock (_guard)
        {
            long skipped = Math.Clamp(sequenceNumber - (_received - _newest.Count), 0, _newest.Count);
            return [.. _newest.Skip((int)skipped).Take(most)];
        }
    }

    /// <summary>Waits for the first message, kept or still to come, that satisfies the predicate.</summary>
    /// <exception cref="OperationCanceledException">The wait was given up.</exception>
    public async Task<ReceivedTelemetry> WaitForAsync(Func<ReceivedTelemetry, bool> predicate, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        long seen = 0;
        while (true)
        {
            Task arrival = NextArrival();
            foreach (ReceivedTelemetry message in After(seen, Capacity))
            {
                seen = message.SequenceNumber;
                if (predicate(message))
                {
                    return message;
                }
            }

            await arrival.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Waits until the log as a whole satisfies the predicate, which is asked at once and after each arrival.</summary>
    /// <exception cref="OperationCanceledException">The wait was given up.</exception>
    public async Task WaitUntilAsync(Func<TelemetryLog, bool> predicate, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        while (true)
        {
            Task arrival = NextArrival();
            if (predicate(this))
            {
                return;
            }

            await arrival.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Takes a message in and gives it its number.</summary>
    internal void Append(ReceivedTelemetry message)
    {
        TaskCompletionSource? arrival;
        UInt128? id = message.MessageId is { } text ? Digest(message.DeviceId, text) : null;
        lock (_guard)
        {
            message.SequenceNumber = ++_received;
            _newest.Enqueue(message);
            _bytes += message.Body.Length;
            while (_newest.Count > Capacity || (_bytes > CapacityBytes && _newest.Count > 1))
            {
                _bytes -= _newest.Dequeue().Body.Length;
            }

            CountMessageId(id);
            arrival = _arrival;
            _arrival = null;
        }

        arrival?.SetResult();
    }

    /// <summary>Sixteen bytes of SHA-256 stand for a device and a message id.</summary>
    private static UInt128 Digest(string deviceId, string messageId)
    {
        const int MostOnStack = 512;
        int length = Encoding.UTF8.GetByteCount(deviceId) + 1 + Encoding.UTF8.GetByteCount(messageId);
        Span<byte> bytes = length <= MostOnStack ? stackalloc byte[length] : new byte[length];
        int device = Encoding.UTF8.GetBytes(deviceId, bytes);
        bytes[device] = 0; // no id has one
        Encoding.UTF8.GetBytes(messageId, bytes[(device + 1)..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    private void CountMessageId(UInt128? known)
    {
        if (known is not { } id || _messageIds.Contains(id))
        {
            return;
        }

        if (_messageIds.Count >= MostDistinctMessageIds)
        {
            _forgotIds = true;
            return;
        }

        _messageIds.Add(id);
    }

    private Task NextArrival()
    {
        lock (_guard)
        {
            _arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _arrival.Task;
        }
    }
}
