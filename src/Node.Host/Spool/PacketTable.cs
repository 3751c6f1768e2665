using Microsoft.Data.Sqlite;

namespace Node.Host.Spool;

/// <summary>Reads packets on one connection and keeps the few unpacked that are asked for again and again. Not thread-safe.</summary>
internal sealed class PacketTable : IDisposable
{
    private const int KeptPackets = 6; // The lanes, the oldest, and a place for what is released.
    private const string Columns = "SELECT last, first, boot, priority, gone, readings FROM packet ";

    private readonly SqliteStatement[] _upwards;
    private readonly SqliteStatement _downwards;
    private readonly SqliteStatement _any;
    private readonly RecentPackets? _recent;
    private readonly LinkedList<(long Last, PacketReading[] Readings)> _kept = [];

    /// <summary>Prepares its statements.</summary>
    /// <param name="connection">Where the table is.</param>
    /// <param name="recent">Packets that need not be read; null for none.</param>
    public PacketTable(SqliteConnection connection, RecentPackets? recent = null)
    {
        _recent = recent;
        _upwards =
        [
            new SqliteStatement(connection, Columns + "WHERE last > ?1 AND priority = 0 ORDER BY last LIMIT 1"),
            new SqliteStatement(connection, Columns + "WHERE last > ?1 AND priority = 1 ORDER BY last LIMIT 1"),
        ];
        _downwards = new SqliteStatement(connection, Columns + "WHERE first < ?1 AND last <= ?2 AND priority = 0 ORDER BY last DESC LIMIT 1");
        _any = new SqliteStatement(connection, Columns + "WHERE last > ?1 ORDER BY last LIMIT 1");
    }

    /// <summary>The packet that holds the first sequence above <paramref name="sequence"/>; <see langword="null"/> when there is none.</summary>
    /// <param name="sequence">0 for the oldest packet.</param>
    /// <param name="priority">Only this one; <see langword="null"/> for any.</param>
    public Packet? Above(long sequence, int? priority = null) => _recent is { } recent && recent.Covers(sequence)
        ? recent.Above(sequence, priority)
        : Read((priority is { } only ? _upwards[only] : _any).Bind(1, sequence));

    /// <summary>The packet of normal readings that holds the last sequence below <paramref name="sequence"/>; <see langword="null"/> when there is none.</summary>
    public Packet? Below(long sequence)
    {
        long most = sequence > long.MaxValue - PacketCodec.MostReadings ? long.MaxValue : sequence + PacketCodec.MostReadings; // No packet begins below and ends beyond.
        return Read(_downwards.Bind(1, sequence).Bind(2, most));
    }

    /// <summary>The packet that holds the sequence, which may be gone; <see langword="null"/> when there is none.</summary>
    public Packet? Find(long sequence) => Above(sequence - 1) is { } packet && packet.First <= sequence ? packet : null;

    /// <summary>Visits the readings that are there, oldest first, until <paramref name="visit"/> answers <see langword="false"/>.</summary>
    /// <param name="after">Only those above this sequence.</param>
    /// <param name="upTo">Only those up to this sequence.</param>
    /// <param name="priority">Only this one; <see langword="null"/> for any.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="visit">Gets the packet and the sequence in it.</param>
    /// <returns>How many were visited.</returns>
    public int Visit(long after, long upTo, int? priority, int limit, Func<Packet, long, bool> visit)
    {
        int visited = 0;
        bool more = visited < limit;
        while (more && Above(after, priority) is { } packet && packet.First <= upTo)
        {
            for (long sequence = Math.Max(packet.First, after + 1); more && sequence <= Math.Min(packet.Last, upTo); sequence++)
            {
                if (!packet.IsGone(sequence))
                {
                    visited++;
                    more = visit(packet, sequence) && visited < limit;
                }
            }

            after = packet.Last;
        }

        return visited;
    }

    /// <summary>Visits up to <paramref name="limit"/> normal readings below <paramref name="before"/> that are there, newest first.</summary>
    /// <returns>How many were visited.</returns>
    public int VisitDown(long before, int limit, Action<Packet, long> visit)
    {
        int visited = 0;
        while (visited < limit && Below(before) is { } packet)
        {
            for (long sequence = Math.Min(packet.Last, before - 1); visited < limit && sequence >= packet.First; sequence--)
            {
                if (!packet.IsGone(sequence))
                {
                    visited++;
                    visit(packet, sequence);
                }
            }

            before = packet.First;
        }

        return visited;
    }

    /// <summary>Keeps nothing unpacked: what was read in a transaction that was undone never was.</summary>
    public void Forget() => _kept.Clear();

    public void Dispose()
    {
        SqliteStatement[] all = [.. _upwards, _downwards, _any];
        foreach (SqliteStatement statement in all)
        {
            statement.Dispose();
        }
    }

    private Packet? Read(SqliteStatement statement)
    {
        try
        {
            return statement.Step() ? Present(statement) : null;
        }
        finally
        {
            statement.Reset();
        }
    }

    /// <exception cref="SqliteException">The row is damaged.</exception>
    private Packet Present(SqliteStatement row)
    {
        (long last, long first) = (row.Int64(0), row.Int64(1));
        byte[] gone = row.Bytes(4).ToArray();
        if (first < 1 || first > last || last - first >= PacketCodec.MostReadings || gone.Length != Packet.GoneBytes(last - first + 1))
        {
            throw new SqliteException($"The packet {first} to {last} is damaged.", SQLitePCL.raw.SQLITE_CORRUPT);
        }

        return new Packet(first, last, row.Int64(2), row.Int64(3) == 1 ? 1 : 0, gone, Readings(row, first, last));
    }

    private PacketReading[] Readings(SqliteStatement row, long first, long last)
    {
        for (var kept = _kept.First; kept is not null; kept = kept.Next)
        {
            if (kept.Value.Last == last)
            {
                _kept.Remove(kept);
                _kept.AddFirst(kept);
                return kept.Value.Readings;
            }
        }

        PacketReading[] readings = PacketCodec.Decode(row.Bytes(5), last - first + 1);
        _kept.AddFirst((last, readings));
        if (_kept.Count > KeptPackets)
        {
            _kept.RemoveLast();
        }

        return readings;
    }
}
