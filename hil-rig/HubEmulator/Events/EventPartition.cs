namespace HubEmulator.Events;

/// <summary>The newest messages of a partition, in the order of their arrival. Safe for any number of threads.</summary>
internal sealed class EventPartition(string id)
{
    /// <summary>Messages kept; the oldest go first.</summary>
    public const int Capacity = 25_000;

    /// <summary>Bytes of payload kept, but never less than one message.</summary>
    public const long CapacityBytes = 64L << 20;

    private const int Overhead = 64; // what a message takes besides its payload

    private readonly Lock _guard = new();
    private readonly StreamedEvent?[] _kept = new StreamedEvent?[Capacity];
    private long _first;
    private long _next;
    private long _nextOffset;
    private long _bytes;

    /// <summary>Raised after a message has come, on the thread that brought it.</summary>
    public event Action? Arrived;

    public string Id { get; } = id;

    public PartitionState State
    {
        get
        {
            lock (_guard)
            {
                return new PartitionState(_first, _next == 0 ? null : At(_next - 1));
            }
        }
    }

    public void Append(ReceivedTelemetry message)
    {
        lock (_guard)
        {
            while (_next - _first == Capacity || (_next > _first && _bytes + message.Body.Length > CapacityBytes))
            {
                _bytes -= At(_first).Message.Body.Length;
                _kept[_first++ % Capacity] = null;
            }

            _kept[_next % Capacity] = new StreamedEvent(_next, _nextOffset, message);
            _next++;
            _nextOffset += message.Body.Length + Overhead;
            _bytes += message.Body.Length;
        }

        Arrived?.Invoke();
    }

    /// <returns>The sequence number from which a reader at the position gets messages.</returns>
    public long Find(EventPosition position)
    {
        lock (_guard)
        {
            if (position.Key == EventKey.Latest)
            {
                return _next;
            }

            long sequence = _first;
            while (sequence < _next && !position.Takes(At(sequence)))
            {
                sequence++;
            }

            return sequence;
        }
    }

    /// <returns>The oldest kept message from a sequence number on, or null when none has come yet.</returns>
    public StreamedEvent? Read(long sequenceNumber)
    {
        lock (_guard)
        {
            long sequence = Math.Max(sequenceNumber, _first);
            return sequence < _next ? At(sequence) : null;
        }
    }

    private StreamedEvent At(long sequence) => _kept[sequence % Capacity]!;
}
