using Node.HubClient.Connection;

namespace Node.HubClient.Features;

/// <summary>
/// Which filters the hub has granted on this connection, and the one batch whose SUBACK is due. Nothing survives a reconnect:
/// the SUBACKs of the present connection are the only proof.
/// </summary>
internal sealed class Subscriptions(Defect defect = Defect.None)
{
    private const ushort FirstPacketId = TelemetryQueue.LastPacketId + 1;
    private readonly List<TopicFilter> _granted = [];
    private readonly List<TopicFilter> _asked = [];
    private ushort _packetId;
    private ushort _nextPacketId = FirstPacketId;

    /// <summary>Whether a SUBACK is due.</summary>
    public bool AwaitsAnswer => _packetId != 0;

    /// <summary>When the batch was sent.</summary>
    public long AskedAt { get; private set; }

    /// <summary>A new connection: nothing is granted yet.</summary>
    public void BeginConnection()
    {
        if (defect is not Defect.NoResubscribe)
        {
            _granted.Clear();
        }

        _asked.Clear();
        _packetId = 0;
    }

    /// <summary>Whether the hub granted this filter on this connection.</summary>
    public bool IsGranted(string filter)
    {
        for (int index = 0; index < _granted.Count; index++) // No lambda: this runs in every turn, and a turn allocates nothing.
        {
            if (_granted[index].Filter == filter)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Asks for every wanted filter that is not granted, in one SUBSCRIBE. True when all wanted ones are granted.</summary>
    public bool Ask(List<TopicFilter> wanted, IMqttTransport transport, long now)
    {
        if (AwaitsAnswer)
        {
            return false;
        }

        foreach (TopicFilter filter in wanted)
        {
            if (!IsGranted(filter.Filter))
            {
                _asked.Add(filter);
            }
        }

        if (_asked.Count == 0)
        {
            return true;
        }

        _packetId = TakePacketId();
        AskedAt = now;
        transport.Subscribe(_packetId, _asked);
        return false;
    }

    /// <summary>Takes a SUBACK. False when the hub refused a filter or answered another number of them than was asked.</summary>
    public bool TryGrant(ushort packetId, ReadOnlySpan<byte> codes, out string? refused)
    {
        refused = null;
        if (packetId != _packetId)
        {
            return true; // The answer to a batch of an earlier registration that was given up.
        }

        _packetId = 0;
        bool complete = codes.Length == _asked.Count;
        for (int index = 0; index < _asked.Count && complete; index++)
        {
            if (codes[index] > 2)
            {
                refused = _asked[index].Filter;
                complete = false;
            }
        }

        if (complete)
        {
            _granted.AddRange(_asked);
        }

        _asked.Clear();
        return complete;
    }

    /// <summary>Gives a filter back, if it was granted.</summary>
    public void Drop(string filter, IMqttTransport transport)
    {
        if (_granted.RemoveAll(granted => granted.Filter == filter) > 0)
        {
            transport.Unsubscribe(TakePacketId(), filter);
        }
    }

    private ushort TakePacketId()
    {
        ushort taken = _nextPacketId;
        _nextPacketId = taken == ushort.MaxValue ? FirstPacketId : (ushort)(taken + 1);
        return taken;
    }
}
