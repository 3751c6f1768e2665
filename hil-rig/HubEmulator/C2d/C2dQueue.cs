using HubEmulator.Mqtt;

namespace HubEmulator.C2d;

/// <summary>
/// The messages to one device, in the order of their arrival, those in flight included. What a connection has and does not acknowledge is locked for
/// a minute and then delivered once more; a new connection gets it at once. Each member tells what ended meanwhile.
/// </summary>
internal sealed class C2dQueue
{
    public const int MostMessages = 50;

    /// <summary>A message that was given back so often is given up.</summary>
    public const int MostDeliveries = 10;

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
            _messages.FindAll(message => (message.Holder is { } holder && holder != link) || message.LockedUntil <= now).ForEach(message => message.Unlock());
            int room = acknowledged ? Window - _messages.Count(message => message.Holder is not null) : MostMessages;
            var completed = new List<QueuedMessage>();
            foreach (QueuedMessage message in _messages.Where(message => !message.IsHeld).Take(room).ToArray())
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

    /// <summary>
    /// Completes the message that a connection acknowledges. An identifier of something else, or of a lock that has run out, does nothing.
    /// The order does not matter: a device that leaves one message alone and acknowledges a later one goes on, and gets the first one again
    /// when its lock has run out. (MQTT-4.6.0-2 wants PUBACKs in order; whether the service cuts off who breaks it is unverified, and a
    /// client that abandons a message has no other way.)
    /// </summary>
    /// <param name="link">The connection.</param>
    /// <param name="packetIdentifier">From the PUBACK.</param>
    /// <param name="now">The instant of the PUBACK.</param>
    /// <returns>The message, if it is completed now.</returns>
    public QueuedMessage? Acknowledge(DeviceLink link, ushort packetIdentifier, DateTimeOffset now)
    {
        lock (_guard)
        {
            QueuedMessage? completed = _messages.Find(message => message.Holder == link && message.PacketIdentifier == packetIdentifier && message.LockedUntil > now);
            _ = completed is not null && _messages.Remove(completed);
            return completed;
        }
    }

    /// <summary>Locks the oldest message that no living connection and no other lock has.</summary>
    public LockedMessage? TryLock(DateTimeOffset now)
    {
        lock (_guard)
        {
            _messages.FindAll(message => message.Holder is { Reason: not CloseReason.None } || message.LockedUntil <= now).ForEach(message => message.Unlock());
            return _messages.Find(message => !message.IsHeld) is { } next ? new LockedMessage(next.Lock(now + LockTime), next.Message, next.Abandoned) : null;
        }
    }

    /// <summary>Ends a lock of <see cref="TryLock"/>.</summary>
    /// <param name="token">Names the lock.</param>
    /// <param name="now">The instant.</param>
    /// <param name="settlement">What becomes of the message.</param>
    /// <param name="ended">The message, if it has ended with that; it has not when it was given back and may come again.</param>
    /// <returns>False when the lock has run out or never was.</returns>
    public bool TrySettle(Guid token, DateTimeOffset now, C2dSettlement settlement, out QueuedMessage? ended)
    {
        ended = null;
        lock (_guard)
        {
            if (_messages.Find(message => message.Token == token && message.LockedUntil > now) is not { } found)
            {
                return false;
            }

            if (settlement == C2dSettlement.Abandon)
            {
                found.Abandon();
            }

            if (settlement != C2dSettlement.Abandon || found.Abandoned >= MostDeliveries)
            {
                _messages.Remove(found);
                ended = found;
            }

            return true;
        }
    }

    /// <summary>Takes out what has waited until now, but not what the connection or a lock over HTTPS holds.</summary>
    public IReadOnlyList<QueuedMessage> TakeWaiting(DeviceLink link) => Take(message => message.Holder != link && message.Token is null);

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
