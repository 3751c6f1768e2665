using System.IO.Compression;
using Microsoft.Data.Sqlite;

namespace Node.Host.Spool;

/// <summary>The writing connection: each statement of a transaction, prepared once. Owned by the writer's thread.</summary>
internal sealed class SpoolStore : IDisposable
{
    /// <summary>SQLite's page, and the unit of the file's size. The smallest there is: every page that a commit touches is written as a whole, twice (docs/decisions/0009-packets.md).</summary>
    public const int PageBytes = 512;

    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _saveTotals;
    private readonly SqliteStatement _pageCount;
    private readonly SqliteStatement _freePages;
    private readonly SqliteStatement _saveClock;
    private readonly PacketTable _packets;
    private readonly PacketWriter _writer;
    private readonly List<Packet> _stored = [];
    private readonly string? _kernel;
    private readonly long _boot;

    /// <summary>Begins the boot in an open, migrated database.</summary>
    public SpoolStore(SqliteConnection connection, SpoolBoot boot)
    {
        _connection = connection;
        _begin = new SqliteStatement(connection, "BEGIN IMMEDIATE");
        _commit = new SqliteStatement(connection, "COMMIT");
        _saveTotals = new SqliteStatement(connection, TotalsTable.SaveText);
        _pageCount = new SqliteStatement(connection, "PRAGMA page_count");
        _freePages = new SqliteStatement(connection, "PRAGMA freelist_count");
        _saveClock = new SqliteStatement(connection, "UPDATE boot SET clock_offset = ?1 WHERE kernel = ?2 AND clock_offset IS NULL");
        _packets = new PacketTable(connection);
        _writer = new PacketWriter(connection, _stored);
        Totals = TotalsTable.Read(connection);
        _kernel = boot.Kernel;
        _boot = BeginBoot(boot);
    }

    /// <summary>The totals that the file held when it was opened.</summary>
    public SpoolTotals Totals { get; }

    /// <summary>The packets that the present, or else the last, transaction stored, as they were then.</summary>
    public IReadOnlyList<Packet> Stored => _stored;

    /// <summary>Begins a write transaction; waits for another program's for the lock timeout.</summary>
    /// <param name="level">How hard what it stores is compressed.</param>
    public void Begin(CompressionLevel level = CompressionLevel.Optimal)
    {
        _stored.Clear();
        _writer.Level = level;
        _begin.Run();
    }

    /// <summary>Makes the transaction durable: returns after the log was written and synchronised.</summary>
    public void Commit() => _commit.Run();

    /// <summary>Undoes the transaction. After some failures SQLite has done so already.</summary>
    public void Rollback()
    {
        _writer.Forget();
        _packets.Forget();
        if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle!) == 0)
        {
            SqliteStatement.Execute(_connection, "ROLLBACK");
        }
    }

    /// <summary>Takes a message of this boot; <see cref="Store"/> stores what was taken.</summary>
    public void Take(long sequence, in SpoolEntry entry, long appendedBytes) =>
        _writer.Add(sequence, _boot, entry.Priority, PacketReading.Of(entry), appendedBytes);

    /// <summary>Stores what was taken, neighbours in one packet.</summary>
    public void Store() => _writer.Write();

    /// <summary>Dates what the machine's present run stored, and will store, by its monotonic clock. A boot that has an offset keeps it.</summary>
    public void SaveClockOffset(TimeSpan offset)
    {
        if (_kernel is not null)
        {
            _saveClock.Bind(1, offset.Ticks).Bind(2, _kernel).Run();
        }
    }

    /// <summary>Deletes these messages. The list is sorted on the way.</summary>
    public void Delete(List<Removal> removals, int from) => _writer.Remove(removals, from);

    /// <summary>Writes the totals. Needed only when something was deleted: until then the newest packet tells them.</summary>
    public void SaveTotals(in SpoolTotals totals) => TotalsTable.Save(_saveTotals, totals);

    /// <summary>Reads up to <paramref name="limit"/> messages beyond <paramref name="from"/>: oldest first, or normal ones newest first.</summary>
    public void ReadFrom(int priority, long from, bool newestFirst, int limit, List<StoredRow> into)
    {
        if (newestFirst)
        {
            _packets.VisitDown(from, limit, (packet, sequence) => into.Add(Row(packet, sequence)));
        }
        else
        {
            _packets.Visit(from, long.MaxValue, priority, limit, (packet, sequence) =>
            {
                into.Add(Row(packet, sequence));
                return true;
            });
        }
    }

    /// <summary>Visits up to <paramref name="limit"/> normal messages above <paramref name="after"/> with their sensors, oldest first, until the answer is <see langword="false"/>.</summary>
    public void VisitComponents(long after, int limit, Func<StoredRow, string, bool> visit) =>
        _packets.Visit(after, long.MaxValue, priority: 0, limit, (packet, sequence) => visit(Row(packet, sequence), packet[sequence].Component));

    /// <summary>Visits the messages oldest first until <paramref name="visit"/> answers <see langword="false"/>.</summary>
    public void VisitOldest(Func<StoredRow, bool> visit) =>
        _packets.Visit(0, long.MaxValue, priority: null, int.MaxValue, (packet, sequence) => visit(Row(packet, sequence)));

    /// <summary>Whether there is a message of that sequence.</summary>
    public bool Holds(long sequence) => _packets.Find(sequence) is { } packet && !packet.IsGone(sequence);

    /// <summary>Pages of the file, free ones included, as of this transaction.</summary>
    public long PageCount() => _pageCount.ReadInt64();

    /// <summary>Pages of the file that hold nothing.</summary>
    public long FreePages() => _freePages.ReadInt64();

    /// <summary>Moves up to that many free pages out of the file, within the present transaction or as one of its own.</summary>
    public void Vacuum(long pages) => SqliteStatement.Execute(_connection, $"PRAGMA incremental_vacuum({pages})");

    /// <summary>Copies the log into the database and truncates it, as far as readers allow.</summary>
    public void TruncateLog() => SqliteStatement.Execute(_connection, "PRAGMA wal_checkpoint(TRUNCATE)");

    public void Dispose()
    {
        _packets.Dispose();
        _writer.Dispose();
        SqliteStatement[] all = [_begin, _commit, _saveTotals, _pageCount, _freePages, _saveClock];
        foreach (SqliteStatement statement in all)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    private static StoredRow Row(Packet packet, long sequence)
    {
        PacketReading reading = packet[sequence];
        return new StoredRow(sequence, packet.Priority, reading.Size, reading.SampledAt, reading.TimeSynced);
    }

    /// <summary>Boots are numbered in time, as sequences are: those before the oldest packet and after the newest one have none left.</summary>
    private long BeginBoot(SpoolBoot boot)
    {
        Begin();
        SqliteStatement.Execute(_connection, "DELETE FROM boot WHERE id < coalesce((SELECT boot FROM packet ORDER BY last LIMIT 1), id + 1)");
        SqliteStatement.Execute(_connection, "DELETE FROM boot WHERE id > (SELECT boot FROM packet ORDER BY last DESC LIMIT 1)");
        using var insert = new SqliteStatement(_connection, "INSERT INTO boot (name, kernel, clock_offset) "
            + "VALUES (?1, ?2, (SELECT clock_offset FROM boot WHERE kernel = ?2 AND clock_offset IS NOT NULL))");
        insert.Bind(1, boot.Id).BindOptional(2, boot.Kernel).Run();
        long id = SqliteStatement.ReadInt64(_connection, "SELECT max(id) FROM boot");
        Commit();
        return id;
    }
}
