using System.IO.Compression;
using Microsoft.Data.Sqlite;

namespace Node.Host.Spool;

/// <summary>Writes packets within the present transaction: gathers readings into them, and takes readings out of them. Owned by the writer's thread.</summary>
internal sealed class PacketWriter : IDisposable
{
    private const int MostBodyBytes = 64 * 1024; // A packet is unpacked as a whole, so it stays small.

    private static readonly Comparer<Removal> BySequence = Comparer<Removal>.Create((a, b) => a.Sequence.CompareTo(b.Sequence));

    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _present;
    private readonly SqliteStatement _delete;
    private readonly SqliteStatement _update;
    private readonly List<PacketReading> _gathered = [];
    private readonly List<Packet>? _written;
    private readonly PacketEncoder _encoder = new();
    private long _last;
    private long _boot;
    private int _priority;
    private long _appendedBytes;
    private int _bodyBytes;

    /// <summary>Prepares its statements.</summary>
    /// <param name="connection">Where the table is.</param>
    /// <param name="written">Where each packet is added that was written; null for nowhere.</param>
    public PacketWriter(SqliteConnection connection, List<Packet>? written = null)
    {
        _written = written;
        _insert = new SqliteStatement(connection, "INSERT INTO packet VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
        _present = new SqliteStatement(connection, "SELECT last, first, gone FROM packet WHERE last >= ?1 ORDER BY last LIMIT 1");
        _delete = new SqliteStatement(connection, "DELETE FROM packet WHERE last = ?1");
        _update = new SqliteStatement(connection, "UPDATE packet SET gone = ?2 WHERE last = ?1");
    }

    /// <summary>How hard what is written from now on is compressed.</summary>
    public CompressionLevel Level { get; set; } = CompressionLevel.Optimal;

    /// <summary>Adds a reading; sequences rise from call to call.</summary>
    /// <param name="sequence">Which.</param>
    /// <param name="boot">The row of its boot.</param>
    /// <param name="priority">0 normal, 1 alarm.</param>
    /// <param name="reading">It.</param>
    /// <param name="appendedBytes">The size of all appends up to it.</param>
    public void Add(long sequence, long boot, int priority, in PacketReading reading, long appendedBytes)
    {
        if (_gathered.Count > 0 && (sequence != _last + 1 || boot != _boot || priority != _priority
            || _gathered.Count == PacketCodec.MostReadings || _bodyBytes + reading.Body.Length > MostBodyBytes))
        {
            Write();
        }

        _gathered.Add(reading);
        _bodyBytes += reading.Body.Length;
        (_last, _boot, _priority, _appendedBytes) = (sequence, boot, priority, appendedBytes);
    }

    /// <summary>Writes what was added, if anything.</summary>
    public void Write()
    {
        if (_gathered.Count > 0)
        {
            var packet = new Packet(_last - _gathered.Count + 1, _last, _boot, _priority, new byte[Packet.GoneBytes(_gathered.Count)], [.. _gathered]);
            _insert.Bind(1, packet.Last).Bind(2, packet.First).Bind(3, packet.Boot).Bind(4, packet.Priority).Bind(5, _appendedBytes)
                .Bind(6, packet.Gone).Bind(7, _encoder.Encode(packet.Readings, Level)).Run();
            _written?.Add(packet);
            Forget();
        }
    }

    /// <summary>Forgets what was added and not written.</summary>
    public void Forget()
    {
        _gathered.Clear();
        _bodyBytes = 0;
    }

    /// <summary>Takes readings out, packet by packet; the last one takes the packet along. The list is sorted on the way.</summary>
    public void Remove(List<Removal> removals, int from)
    {
        removals.Sort(from, removals.Count - from, BySequence);
        for (int index = from; index < removals.Count;)
        {
            if (!TryReadGone(removals[index].Sequence, out long first, out long last, out byte[] gone))
            {
                return; // None is left above.
            }

            for (; index < removals.Count && removals[index].Sequence <= last; index++)
            {
                if (removals[index].Sequence >= first)
                {
                    Packet.Set(gone, removals[index].Sequence - first);
                }
            }

            if (Packet.Count(gone) == last - first + 1)
            {
                _delete.Bind(1, last).Run();
            }
            else
            {
                _update.Bind(1, last).Bind(2, gone).Run();
            }
        }
    }

    public void Dispose()
    {
        SqliteStatement[] all = [_insert, _present, _delete, _update];
        foreach (SqliteStatement statement in all)
        {
            statement.Dispose();
        }

        _encoder.Dispose();
    }

    private bool TryReadGone(long sequence, out long first, out long last, out byte[] gone)
    {
        try
        {
            bool found = _present.Bind(1, sequence).Step();
            (last, first, gone) = found ? (_present.Int64(0), _present.Int64(1), _present.Bytes(2).ToArray()) : (0, 0, []);
            return !found || gone.Length == Packet.GoneBytes(last - first + 1)
                ? found
                : throw new SqliteException($"The packet {first} to {last} is damaged.", SQLitePCL.raw.SQLITE_CORRUPT);
        }
        finally
        {
            _present.Reset();
        }
    }
}
