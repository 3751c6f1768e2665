using Node.HubClient.Connection;
using Node.HubClient.Protocol;

namespace Node.HubClient.Features;

/// <summary>
/// Telemetry from acceptance to confirmation: a <see cref="WaitingQueue"/> that any thread fills, and a bounded window of published
/// messages that only the turn touches. Every step costs the same with one message or ten thousand: a message is encoded once,
/// an acknowledgement finds its slot by arithmetic, and time-outs look at the oldest message alone.
/// </summary>
internal sealed class TelemetryQueue(int window, int maximumMessages, long maximumBytes, TimeSpan giveUpAfter, TimeProvider clock, Defect defect = Defect.None)
{
    /// <summary>Packet ids 1 to this one belong to telemetry; the rest to SUBSCRIBE and UNSUBSCRIBE.</summary>
    public const int LastPacketId = 0xEFFF;

    private static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(61);
    private static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(120);

    private readonly bool _givesUp = giveUpAfter != Timeout.InfiniteTimeSpan;
    private readonly TimeSpan _endAfter = giveUpAfter != Timeout.InfiniteTimeSpan ? giveUpAfter : SilentAfter;
    private readonly SendPace _pace = new(window, clock);
    private readonly WaitingQueue _waiting = new(maximumMessages, maximumBytes, clock);
    private readonly InFlight[] _flight = new InFlight[defect is Defect.NoWindow ? window * 4 : window];
    private int _head; // index of the oldest slot
    private int _count; // slots in use, settled ones in the middle included
    private int _unsettled; // slots without an acknowledgement
    private int _sent; // slots from the head already sent on this connection
    private int _repeated; // slots from the head already repeated on this connection
    private int _headId = 1;
    private int _nextId = 1;
    private long _turnAt;
    private long _turnBeforeAt;

    /// <summary>
    /// How long a message accepted from now on may wait before it is published (option <c>messageTimeout</c>); zero for ever. Once it is
    /// published, this no longer touches it.
    /// </summary>
    public TimeSpan WaitingTimeout
    {
        get => _waiting.Timeout;
        set => _waiting.Timeout = value;
    }

    /// <summary>How much may be in flight now: the window, or less while the hub acknowledges slowly.</summary>
    public int Allowed => _pace.Allowed;

    /// <summary>Published and not yet acknowledged.</summary>
    public int InFlightCount => _unsettled;

    /// <summary>Accepted and not yet confirmed.</summary>
    public bool IsBusy => _waiting.IsBusy;

    /// <summary>Accepted and never yet published.</summary>
    public bool HasWaiting => _waiting.HasWaiting;

    /// <summary>Accepts an encoded message, or says why not. Any thread.</summary>
    public IotHubClientResult Enqueue(byte[] packet, int packetIdOffset, SendConfirmationCallback? callback, object? context) =>
        _waiting.Enqueue(packet, packetIdOffset, callback, context);

    /// <summary>A turn begins.</summary>
    public void BeginTurn(long now)
    {
        _turnBeforeAt = _turnAt;
        _turnAt = now;
    }

    /// <summary>A new connection: what is in flight goes out again, oldest first, before anything new (MQTT 3.1.1 section 4.6).</summary>
    public void BeginConnection()
    {
        _sent = defect is Defect.NoResend ? _count : 0;
        _repeated = 0;
    }

    /// <summary>Publishes what the window and the transport take.</summary>
    /// <param name="transport">Where to.</param>
    /// <param name="now">The turn's instant.</param>
    /// <param name="onlyOld">Whether to leave new messages waiting, because the connection is about to be closed.</param>
    /// <param name="callbacks">Told of nothing here, unless by a deliberate defect.</param>
    public void Publish(IMqttTransport transport, long now, bool onlyOld, Callbacks callbacks)
    {
        if (!SendAgain(transport, now) || onlyOld)
        {
            return;
        }

        while (_count < _flight.Length && HasRoom && HasWaiting && _waiting.TryTake(transport.FreeBytes, out PendingMessage pending))
        {
            ref InFlight slot = ref Slot(_count);
            slot = new InFlight { Message = pending, FirstSent = now, LastSent = now };
            PublishPacket.Stamp(pending.Packet, pending.PacketIdOffset, (ushort)_nextId, duplicate: false);
            transport.Publish(pending.Packet);
            _nextId = _nextId == LastPacketId ? 1 : _nextId + 1;
            _count++;
            _unsettled++;
            _sent++;
            if (defect is Defect.ConfirmAtPublish)
            {
                Settle(_count - 1, SendConfirmation.Ok, callbacks);
            }
        }
    }

    /// <summary>Settles the message with this packet id and confirms it. Unknown and repeated acknowledgements change nothing.</summary>
    public void Acknowledge(ushort packetId, long now, Callbacks callbacks)
    {
        int offset = packetId - _headId;
        offset = offset < 0 ? offset + LastPacketId : offset;
        if (packetId is 0 or > LastPacketId || offset >= _count || Slot(offset).Settled)
        {
            return;
        }

        _pace.Acknowledged(Slot(offset).LastSent, _turnBeforeAt, now);
        Settle(offset, SendConfirmation.Ok, callbacks);
    }

    /// <summary>
    /// Repeats what has gone unacknowledged for 61 s on this connection, once, and gives up after the time set, or never. True when that time is over for a
    /// message: the peer no longer answers.
    /// </summary>
    public bool Expire(IMqttTransport transport, long now, Callbacks callbacks)
    {
        bool isSilent = OldestIsOver(now);
        while (_givesUp && OldestIsOver(now))
        {
            Settle(0, SendConfirmation.MessageTimeout, callbacks);
        }

        while (_repeated < _sent && Elapsed(Slot(_repeated).LastSent, now) >= RepeatAfter && Send(transport, _repeated, now, first: false))
        {
            _repeated++;
        }

        return isSilent;
    }

    /// <summary>Ends what has waited past its time-out, connected or not; looks at the queue only when a time-out is over.</summary>
    public void ExpireWaiting(long now, Callbacks callbacks) => _waiting.Expire(now, callbacks);

    /// <summary>Time until <see cref="Expire"/> has something to do; null when nothing is in flight.</summary>
    public TimeSpan? NextDue(long now)
    {
        if (_unsettled == 0 || _sent == 0)
        {
            return null;
        }

        TimeSpan due = _endAfter - Elapsed(Slot(0).FirstSent, now);
        return _repeated < _sent ? Least(due, RepeatAfter - Elapsed(Slot(_repeated).LastSent, now)) : due;
    }

    /// <summary>Ends everything in flight, oldest first.</summary>
    public void AbandonInFlight(Callbacks callbacks)
    {
        _waiting.Close();
        while (_unsettled > 0)
        {
            Settle(0, SendConfirmation.BecauseDestroy, callbacks);
        }
    }

    /// <summary>Ends everything that waits, oldest first.</summary>
    public void AbandonWaiting(Callbacks callbacks) => _waiting.Abandon(callbacks);

    private bool OldestIsOver(long now) => _sent > 0 && _unsettled > 0 && Elapsed(Slot(0).FirstSent, now) >= _endAfter;

    private bool HasRoom => _unsettled < _pace.Allowed || defect is Defect.NoWindow;

    private bool SendAgain(IMqttTransport transport, long now)
    {
        while (_sent < _count)
        {
            if (!Send(transport, defect is Defect.ResendBackwards ? _count - 1 - _sent : _sent, now, first: true))
            {
                return false;
            }

            _sent++;
        }

        return true;
    }

    private bool Send(IMqttTransport transport, int offset, long now, bool first)
    {
        ref InFlight slot = ref Slot(offset);
        if (slot.Settled)
        {
            return true;
        }

        PendingMessage message = slot.Message;
        if (transport.FreeBytes < message.Packet.Length)
        {
            return false;
        }

        PublishPacket.Stamp(message.Packet, message.PacketIdOffset, PacketIdAt(offset), duplicate: true);
        transport.Publish(message.Packet);
        slot.LastSent = now;
        slot.FirstSent = first ? now : slot.FirstSent;
        return true;
    }

    private void Settle(int offset, SendConfirmation result, Callbacks callbacks)
    {
        ref InFlight slot = ref Slot(offset);
        PendingMessage message = slot.Message;
        slot = new InFlight { Settled = true };
        _unsettled--;
        while (_count > 0 && Slot(0).Settled)
        {
            _head = (_head + 1) % _flight.Length;
            _headId = _headId == LastPacketId ? 1 : _headId + 1;
            _count--;
            _sent = Math.Max(0, _sent - 1);
            _repeated = Math.Max(0, _repeated - 1);
        }

        _waiting.Confirm(message, result, callbacks);
    }

    private ref InFlight Slot(int offset) => ref _flight[(_head + offset) % _flight.Length];

    private ushort PacketIdAt(int offset)
    {
        int id = _headId + offset;
        return (ushort)(id > LastPacketId ? id - LastPacketId : id);
    }

    private TimeSpan Elapsed(long since, long now) => clock.GetElapsedTime(since, now);

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private struct InFlight
    {
        public PendingMessage Message;
        public long FirstSent;
        public long LastSent;
        public bool Settled;
    }
}
