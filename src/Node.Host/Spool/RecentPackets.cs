namespace Node.Host.Spool;

/// <summary>
/// The packets stored last, as they were before they were packed, so that what is sent soon after its commit is neither read back nor unpacked.
/// Not thread-safe: whoever calls holds the spool's gate.
/// </summary>
internal sealed class RecentPackets
{
    /// <summary>Bytes of readings kept, at most.</summary>
    public const int MostBytes = 1 << 20;

    private const int MostPackets = 64; // They are looked through one by one.

    private readonly List<Packet> _packets = []; // Oldest first, none of them wholly gone.
    private long _from = long.MaxValue;
    private long _bytes;

    /// <summary>Forgets all, and knows from now on what is stored above <paramref name="sequence"/>.</summary>
    public void Begin(long sequence)
    {
        _packets.Clear();
        (_from, _bytes) = (sequence, 0);
    }

    /// <summary>Whether everything stored above <paramref name="sequence"/> is here.</summary>
    public bool Covers(long sequence) => sequence >= _from;

    /// <summary>As <see cref="PacketTable.Above"/>, for a sequence above which everything is here.</summary>
    public Packet? Above(long sequence, int? priority)
    {
        foreach (Packet packet in _packets)
        {
            if (packet.Last > sequence && (priority is null || packet.Priority == priority))
            {
                return packet;
            }
        }

        return null;
    }

    /// <summary>A transaction is durable.</summary>
    /// <param name="stored">The packets that it stored.</param>
    /// <param name="removals">What it removed, of those packets too.</param>
    public void Settle(IReadOnlyList<Packet> stored, IReadOnlyList<Removal> removals)
    {
        foreach (Packet packet in stored)
        {
            _packets.Add(packet);
            _bytes += BytesOf(packet);
        }

        foreach (Removal removal in removals)
        {
            Remove(removal.Sequence);
        }

        _packets.RemoveAll(IsWhollyGone);
        int surplus = 0;
        for (; _bytes > MostBytes || _packets.Count - surplus > MostPackets; surplus++)
        {
            _bytes -= BytesOf(_packets[surplus]);
            _from = _packets[surplus].Last;
        }

        _packets.RemoveRange(0, surplus);
    }

    private static long BytesOf(Packet packet) => packet.Readings.Sum(reading => (long)reading.Body.Length + RowSize.OverheadBytes);

    private void Remove(long sequence)
    {
        if (sequence > _from && Above(sequence - 1, priority: null) is { } packet && packet.First <= sequence)
        {
            Packet.Set(packet.Gone, sequence - packet.First);
        }
    }

    private bool IsWhollyGone(Packet packet)
    {
        bool isGone = Packet.Count(packet.Gone) == packet.Readings.Length;
        _bytes -= isGone ? BytesOf(packet) : 0;
        return isGone;
    }
}
