using Node.HubClient.Connection;
using Node.HubClient.Dialect;

namespace Node.HubClient.Features;

/// <summary>
/// Which filters the hub has granted on this connection, and the one batch whose SUBACK is due. Nothing survives a reconnect:
/// the SUBACKs of the present connection are the only proof.
/// </summary>
internal sealed class Subscriptions(HubDialect dialect, Defect defect = Defect.None)
{
    private const ushort FirstPacketId = TelemetryQueue.LastPacketId + 1;
    private Filters _granted;
    private Filters _asked;
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
            _granted = Filters.None;
        }

        _asked = Filters.None;
        _packetId = 0;
    }

    /// <summary>Whether the hub granted all of these on this connection.</summary>
    public bool Covers(Filters filters) => (filters & ~_granted) == 0;

    /// <summary>Whether some of these are neither granted nor asked for.</summary>
    public bool Lacks(Filters filters) => (filters & ~_granted & ~_asked) != 0;

    /// <summary>Asks for every wanted filter that is not granted, in one SUBSCRIBE, unless a batch is under way. True when one went out.</summary>
    public bool Ask(Filters wanted, IMqttTransport transport, long now)
    {
        if (AwaitsAnswer || Covers(wanted))
        {
            return false;
        }

        _asked = wanted & ~_granted;
        _packetId = TakePacketId();
        AskedAt = now;
        transport.Subscribe(_packetId, dialect.TopicFilters(_asked));
        return true;
    }

    /// <summary>Takes a SUBACK. False when the hub refused a filter or answered another number of them than was asked.</summary>
    public bool TryGrant(ushort packetId, ReadOnlySpan<byte> codes, out string? refused)
    {
        refused = null;
        if (packetId != _packetId)
        {
            return true; // The answer to a batch of an earlier registration that was given up.
        }

        IReadOnlyList<TopicFilter> asked = dialect.TopicFilters(_asked);
        int at = codes.IndexOfAnyExceptInRange((byte)0, (byte)2);
        bool complete = codes.Length == asked.Count && at < 0;
        refused = codes.Length == asked.Count && at >= 0 ? asked[at].Filter : null;
        _granted |= complete ? _asked : Filters.None;
        _asked = Filters.None;
        _packetId = 0;
        return complete;
    }

    /// <summary>Gives a filter back, if it was granted.</summary>
    public void Drop(Filters filter, IMqttTransport transport)
    {
        if ((_granted & filter) != 0)
        {
            _granted &= ~filter;
            transport.Unsubscribe(TakePacketId(), dialect.TopicFilters(filter)[0].Filter);
        }
    }

    private ushort TakePacketId()
    {
        ushort taken = _nextPacketId;
        _nextPacketId = taken == ushort.MaxValue ? FirstPacketId : (ushort)(taken + 1);
        return taken;
    }
}
