using HubEmulator.Mqtt;

namespace HubEmulator.C2d;

/// <summary>
/// The messages to one device, in the order of their arrival, those in flight included. What a connection has and does not acknowledge is locked for
/// a minute and then delivered once more; a new connection gets it at once. Each member tells what ended meanwhile.
/// </summary>
internal sealed class C2dQueue
{
    public const int MostMessages = 50;

    /// <summary>Messages that wait for their acknowledgement at a time.</summary>
    public const int Window = 16;

    public static readonly TimeSpan LockTime = TimeSpan.FromSeconds(60);

    private readonly Lock _guard = new();
    private readonly List<QueuedMessage> _messages = [];
    private long _deliveries;

    public int Count
    {
        get
        {
            lock (_guard)
            {
                return _messages.Count;
            }
        }
    }

    /// <returns>False when the queue is full.</returns>
    public bool TryEnqueue(QueuedMessage message)
    {
        lock (_guard)
        {
            if (_messages.Count >= MostMessages)
            {
                return false;
            }

            _messages.Add(message);
            return true;
        }
    }

    /// <summary>Publishes what waits, as far as the window goes. The caller makes sure that the connection is the current one and has subscribed.</summary>
    /// <param name="deviceId">Whose queue this is.</param>
    /// <param name="link">The connection.</param>
    /// <param name="acknowledged">False, at QoS 0, completes a message as it goes out.</param>
    /// <param name="now">The instant of the delivery.</param>
    /// <returns>The messages that were completed.</returns>
    public IReadOnlyList<QueuedMessage> Deliver(string deviceId, DeviceLink link, bool acknowledged, DateTimeOffset now)
    {
        lock (_guard)
        {
            _messages.FindAll(message => message.Holder != link || message.LockedUntil <= now).ForEach(message => message.Unlock());
            int room = acknowledged ? Window - _messages.Count(message => message.Holder is not null) : MostMessages;
            var completed = new List<QueuedMessage>();
            foreach (QueuedMessage message in _messages.Where(message => message.Holder is null).Take(room).ToArray())
            {
                ushort identifier = link.Publish(C2dTopic.Write(deviceId, message.Message), message.Message.Body, acknowledged, message.WasDelivered);
                message.Lock(link, identifier, ++_deliveries, now + LockTime);
                if (!acknowledged)
                {
                    completed.Add(message);
                }
            }

            completed.ForEach(message => _messages.Remove(message));
            return completed;
        }
    }

    /// <summary>Completes the message that a connection acknowledges. An identifier of something else, or of a lock that has run out, does nothing.</summary>
    /// <param name="link">The connection.</param>
    /// <param name="packetIdentifier">From the PUBACK.</param>
    /// <param name="inOrder">True demands the order of delivery (MQTT-4.6.0-2).</param>
    /// <param name="now">The instant of the PUBACK.</param>
    /// <param name="completed">The message, if it is completed now.</param>
    /// <returns>False when the order is demanded and one delivered earlier still waits for its acknowledgement; then nothing is completed.</returns>
    public bool Acknowledge(DeviceLink link, ushort packetIdentifier, bool inOrder, DateTimeOffset now, out QueuedMessage? completed)
    {
        completed = null;
        lock (_guard)
        {
            QueuedMessage[] inFlight = [.. _messages.Where(message => message.Holder == link && message.LockedUntil > now).OrderBy(message => message.Delivery)];
            int index = Array.FindIndex(inFlight, message => message.PacketIdentifier == packetIdentifier);
            bool isTaken = index == 0 || (index > 0 && !inOrder);
            if (isTaken)
            {
                completed = inFlight[index];
                _messages.Remove(completed);
            }

            return isTaken || index < 0;
        }
    }

    /// <summary>Takes out what has waited until now, but not what the connection holds.</summary>
    public IReadOnlyList<QueuedMessage> TakeWaiting(DeviceLink link) => Take(message => message.Holder != link);

    public IReadOnlyList<QueuedMessage> TakeExpired(DateTimeOffset now) => Take(message => message.Expires <= now);

    public IReadOnlyList<QueuedMessage> TakeAll() => Take(_ => true);

    public List<QueuedRecord>? ToRecord()
    {
        lock (_guard)
        {
            return _messages.Count == 0 ? null : _messages.ConvertAll(message => new QueuedRecord(message.Message, message.Expires, message.WasDelivered));
        }
    }

    public void Restore(IEnumerable<QueuedRecord> records)
    {
        lock (_guard)
        {
            _messages.AddRange(records.Select(record => new QueuedMessage(record.Message, record.Expires, record.WasDelivered)));
        }
    }

    private List<QueuedMessage> Take(Predicate<QueuedMessage> wanted)
    {
        lock (_guard)
        {
            List<QueuedMessage> taken = _messages.FindAll(wanted);
            _messages.RemoveAll(wanted);
            return taken;
        }
    }
}
