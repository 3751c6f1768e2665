using Node.HubClient.Connection;
using Node.HubClient.Dialect;

namespace Node.HubClient.Features;

/// <summary>
/// Cloud-to-device messages from arrival to disposition. Acknowledgements leave in the order of delivery, as the hub wants them: one that
/// is settled later holds back those behind it; an abandoned one is passed over.
/// </summary>
internal sealed class C2dReceiver(HubDialect dialect, Defect defect = Defect.None)
{
    private const int AcknowledgementBytes = 4;
    private const int UnsettledMaximum = 1_000; // The hub holds 50 for a device; a peer that sends more is not followed.
    private readonly List<Delivery> _unsettled = [];
    private long _first = 1; // number of the oldest unsettled one; those of earlier connections lie below
    private C2dMessageCallback? _callback;
    private object? _context;

    /// <summary>Whether a callback is registered and messages are wanted.</summary>
    public bool IsWanted => _callback is not null;

    /// <summary>When the last message arrived, by the wall clock; null before the first.</summary>
    public DateTimeOffset? LastReceived { get; private set; }

    /// <summary>Whether an acknowledgement waits for the transport.</summary>
    public bool HasAcknowledgements => _unsettled.Count > 0 && _unsettled[0].State is not Settlement.Open;

    /// <summary>Registers or, with null, unregisters.</summary>
    public void Register(C2dMessageCallback? callback, object? context)
    {
        _callback = callback;
        _context = context;
    }

    /// <summary>A new connection: packet ids of the old one are void, the hub delivers again what was not acknowledged.</summary>
    public void BeginConnection()
    {
        _first += _unsettled.Count;
        _unsettled.Clear();
    }

    /// <summary>Hands a message on.</summary>
    public void Receive(in Inbound arrived, in TransportEvent published, DateTimeOffset wallClock, Callbacks callbacks)
    {
        LastReceived = wallClock;
        if (_callback is not { } callback || _unsettled.Count >= UnsettledMaximum)
        {
            return; // Not acknowledged, so that the hub delivers it again once somebody listens.
        }

        bool isSettled = published.QualityOfService == 0; // Such a message wants no acknowledgement.
        var message = new C2dMessage(arrived.Payload.ToArray(), isSettled ? 0 : _first + _unsettled.Count);
        dialect.ReadProperties(arrived.Properties, message);
        if (!isSettled)
        {
            _unsettled.Add(new Delivery(message, published.PacketId, Settlement.Open));
        }

        MessageDisposition disposition = callbacks.Message(callback, message, _context);
        if (disposition is not MessageDisposition.AsyncAck || defect is Defect.AcknowledgeUnsettled)
        {
            Settle(message, disposition);
        }
    }

    /// <summary>Something else arrived that wants an acknowledgement, which nobody decides about: it leaves in its place.</summary>
    public void Pass(in TransportEvent published)
    {
        if (published.QualityOfService > 0 && _unsettled.Count < UnsettledMaximum)
        {
            _unsettled.Add(new Delivery(null, published.PacketId, Settlement.Acknowledged));
        }
    }

    /// <summary>Settles a message; false when its connection is gone or it is settled already.</summary>
    public bool Settle(C2dMessage message, MessageDisposition disposition)
    {
        long place = message.DeliveryNumber - _first;
        if (place < 0 || place >= _unsettled.Count || _unsettled[(int)place] is not { State: Settlement.Open } delivery || delivery.Message != message)
        {
            return false;
        }

        _unsettled[(int)place] = delivery with { State = disposition is MessageDisposition.Abandoned ? Settlement.PassedOver : Settlement.Acknowledged };
        return true;
    }

    /// <summary>Sends the acknowledgements whose turn has come.</summary>
    public void Publish(IMqttTransport transport)
    {
        int settled = 0;
        int last = defect is Defect.AcknowledgeBackwards ? _unsettled.TakeWhile(delivery => delivery.State is not Settlement.Open).Count() - 1 : 0;
        while (settled < _unsettled.Count && _unsettled[settled].State is not Settlement.Open && transport.FreeBytes > AcknowledgementBytes)
        {
            Delivery next = _unsettled[defect is Defect.AcknowledgeBackwards ? last - settled : settled];
            if (next.State is Settlement.Acknowledged)
            {
                transport.Acknowledge(next.PacketId);
            }

            settled++;
        }

        if (settled > 0)
        {
            _unsettled.RemoveRange(0, settled);
            _first += settled;
        }
    }

    private enum Settlement : byte
    {
        Open,
        Acknowledged,
        PassedOver,
    }

    private readonly record struct Delivery(C2dMessage? Message, ushort PacketId, Settlement State);
}
