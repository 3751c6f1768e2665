using Microsoft.Data.Sqlite;

namespace Node.Host.Spool;

/// <summary>The writing connection: each statement of a transaction, prepared once. Owned by the writer's thread.</summary>
internal sealed class SpoolStore : IDisposable
{
    /// <summary>SQLite's page, and the unit of the file's size.</summary>
    public const int PageBytes = 4096;

    /// <summary>Its parameters are bound by <see cref="Save"/>.</summary>
    public const string SaveTotalsText = "UPDATE totals SET last_sequence = ?1, appended_bytes = ?2, removed_bytes = ?3, "
        + "confirmed = ?4, dropped_by_capacity = ?5, dropped_by_age = ?6, lost_by_corruption = ?7, dropped_by_thinning = ?8, purged = ?9 WHERE id = 1";

    private static readonly Comparer<Removal> BySequence = Comparer<Removal>.Create((a, b) => a.Sequence.CompareTo(b.Sequence));

    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _delete;
    private readonly SqliteStatement _saveTotals;
    private readonly SqliteStatement _pageCount;
    private readonly SqliteStatement _freePages;
    private readonly SqliteStatement[] _upwards;
    private readonly SqliteStatement _downwards;
    private readonly SqliteStatement _components;
    private readonly SqliteStatement _saveClock;
    private readonly SqliteStatement _oldest;
    private readonly SqliteStatement _one;
    private readonly string? _kernel;
    private readonly long _boot;

    /// <summary>Begins the boot in an open, migrated database.</summary>
    public SpoolStore(SqliteConnection connection, SpoolBoot boot)
    {
        const string Columns = "SELECT sequence, priority, octet_length(component), length(body), sampled_at, time_synced FROM message ";
        _connection = connection;
        _begin = new SqliteStatement(connection, "BEGIN IMMEDIATE");
        _commit = new SqliteStatement(connection, "COMMIT");
        _insert = new SqliteStatement(connection, "INSERT INTO message VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
        _delete = new SqliteStatement(connection, "DELETE FROM message WHERE sequence BETWEEN ?1 AND ?2");
        _saveTotals = new SqliteStatement(connection, SaveTotalsText);
        _pageCount = new SqliteStatement(connection, "PRAGMA page_count");
        _freePages = new SqliteStatement(connection, "PRAGMA freelist_count");
        _upwards =
        [
            new SqliteStatement(connection, Columns + "WHERE sequence > ?1 AND priority = 0 ORDER BY sequence LIMIT ?2"),
            new SqliteStatement(connection, Columns + "WHERE sequence > ?1 AND priority = 1 ORDER BY sequence LIMIT ?2"),
        ];
        _downwards = new SqliteStatement(connection, Columns + "WHERE sequence < ?1 AND priority = 0 ORDER BY sequence DESC LIMIT ?2");
        _components = new SqliteStatement(connection, "SELECT sequence, priority, octet_length(component), length(body), sampled_at, "
            + "time_synced, component FROM message WHERE sequence > ?1 AND priority = 0 ORDER BY sequence LIMIT ?2");
        _saveClock = new SqliteStatement(connection, "UPDATE boot SET clock_offset = ?1 WHERE kernel = ?2 AND clock_offset IS NULL");
        _oldest = new SqliteStatement(connection, Columns + "ORDER BY sequence");
        _one = new SqliteStatement(connection, Columns + "WHERE sequence = ?1");
        Totals = ReadTotals(connection);
        _kernel = boot.Kernel;
        _boot = BeginBoot(boot);
    }

    /// <summary>The totals that the file held when it was opened.</summary>
    public SpoolTotals Totals { get; }

    /// <summary>Begins a write transaction; waits for another program's for the lock timeout.</summary>
    public void Begin() => _begin.Run();

    /// <summary>Makes the transaction durable: returns after the log was written and synchronised.</summary>
    public void Commit() => _commit.Run();

    /// <summary>Undoes the transaction. After some failures SQLite has done so already.</summary>
    public void Rollback()
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle!) == 0)
        {
            SqliteStatement.Execute(_connection, "ROLLBACK");
        }
    }

    /// <summary>Stores a message of this boot.</summary>
    public void Insert(long sequence, in SpoolEntry entry, long appendedBytes) => _insert
        .Bind(1, sequence)
        .Bind(2, _boot)
        .Bind(3, entry.Component)
        .Bind(4, SpoolTime.ToStored(entry.SampledAt))
        .Bind(5, entry.TimeSynced ? 1 : 0)
        .Bind(6, entry.Priority)
        .Bind(7, appendedBytes)
        .Bind(8, entry.Body.Span)
        .Bind(9, entry.Monotonic?.Ticks)
        .BindOptional(10, entry.Quality == SpoolEntry.Good ? null : entry.Quality)
        .Run();

    /// <summary>Dates what the machine's present run stored, and will store, by its monotonic clock. A boot that has an offset keeps it.</summary>
    public void SaveClockOffset(TimeSpan offset)
    {
        if (_kernel is not null)
        {
            _saveClock.Bind(1, offset.Ticks).Bind(2, _kernel).Run();
        }
    }

    /// <summary>Deletes these rows, a run of neighbours at a time. The list is sorted on the way.</summary>
    public void Delete(List<Removal> removals, int from)
    {
        removals.Sort(from, removals.Count - from, BySequence);
        for (int first = from; first < removals.Count;)
        {
            int last = first;
            while (last + 1 < removals.Count && removals[last + 1].Sequence == removals[last].Sequence + 1)
            {
                last++;
            }

            _delete.Bind(1, removals[first].Sequence).Bind(2, removals[last].Sequence).Run();
            first = last + 1;
        }
    }

    /// <summary>Writes the totals. Needed only when something was deleted: until then the newest row tells them.</summary>
    public void SaveTotals(in SpoolTotals totals) => Save(_saveTotals, totals);

    /// <summary>Binds and runs <see cref="SaveTotalsText"/>.</summary>
    public static void Save(SqliteStatement statement, in SpoolTotals totals) => statement
        .Bind(1, totals.LastSequence)
        .Bind(2, totals.AppendedBytes)
        .Bind(3, totals.RemovedBytes)
        .Bind(4, totals.Confirmed)
        .Bind(5, totals.DroppedByCapacity)
        .Bind(6, totals.DroppedByAge)
        .Bind(7, totals.LostByCorruption)
        .Bind(8, totals.DroppedByThinning)
        .Bind(9, totals.Purged)
        .Run();

    /// <summary>Reads up to <paramref name="limit"/> rows beyond <paramref name="from"/>: oldest first, or normal ones newest first.</summary>
    public void ReadFrom(int priority, long from, bool newestFirst, int limit, List<StoredRow> into)
    {
        SqliteStatement statement = newestFirst ? _downwards : _upwards[priority];
        Read(statement.Bind(1, from).Bind(2, limit), row => { into.Add(row); return true; });
    }

    /// <summary>Visits up to <paramref name="limit"/> normal rows above <paramref name="after"/> with their sensors, oldest first, until the answer is <see langword="false"/>.</summary>
    public void VisitComponents(long after, int limit, Func<StoredRow, string, bool> visit) =>
        Read(_components.Bind(1, after).Bind(2, limit), row => visit(row, _components.Text(6)));

    /// <summary>Visits the rows oldest first until <paramref name="visit"/> answers <see langword="false"/>.</summary>
    public void VisitOldest(Func<StoredRow, bool> visit) => Read(_oldest, visit);

    /// <summary>The row of that sequence; <see langword="null"/> when there is none.</summary>
    public StoredRow? Find(long sequence)
    {
        StoredRow? found = null;
        Read(_one.Bind(1, sequence), row => { found = row; return false; });
        return found;
    }

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
        SqliteStatement[] all = [_begin, _commit, _insert, _delete, _saveTotals, _pageCount, _freePages, .. _upwards, _downwards, _components, _saveClock, _oldest, _one];
        foreach (SqliteStatement statement in all)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    private static void Read(SqliteStatement statement, Func<StoredRow, bool> visit)
    {
        try
        {
            bool more = true;
            while (more && statement.Step())
            {
                more = visit(new StoredRow(
                    statement.Int64(0), (int)statement.Int64(1), RowSize.Of((int)statement.Int64(2), (int)statement.Int64(3)),
                    statement.Int64(4), statement.Int64(5) != 0));
            }
        }
        finally
        {
            statement.Reset();
        }
    }

    /// <summary>The totals of a file: those last saved, and what the newest row tells of the appends since.</summary>
    public static SpoolTotals ReadTotals(SqliteConnection connection)
    {
        using var saved = new SqliteStatement(connection, "SELECT last_sequence, appended_bytes, removed_bytes, confirmed, "
            + "dropped_by_capacity, dropped_by_age, lost_by_corruption, dropped_by_thinning, purged FROM totals WHERE id = 1");
        if (!saved.Step())
        {
            throw new SqliteException("The table totals is empty.", SQLitePCL.raw.SQLITE_CORRUPT);
        }

        using var newest = new SqliteStatement(connection, "SELECT sequence, appended_bytes FROM message ORDER BY sequence DESC LIMIT 1");
        bool rows = newest.Step();
        var totals = new SpoolTotals
        {
            LastSequence = rows ? Math.Max(saved.Int64(0), newest.Int64(0)) : saved.Int64(0),
            AppendedBytes = rows ? Math.Max(saved.Int64(1), newest.Int64(1)) : saved.Int64(1),
            RemovedBytes = saved.Int64(2),
            Confirmed = saved.Int64(3),
            DroppedByCapacity = saved.Int64(4),
            DroppedByAge = saved.Int64(5),
            LostByCorruption = saved.Int64(6),
            DroppedByThinning = saved.Int64(7),
            Purged = saved.Int64(8),
        };
        return rows ? totals : totals.WithoutRows();
    }

    /// <summary>Boots are numbered in time, as sequences are: those before the oldest row and after the newest one have no row left.</summary>
    private long BeginBoot(SpoolBoot boot)
    {
        Begin();
        SqliteStatement.Execute(_connection, "DELETE FROM boot WHERE id < coalesce((SELECT boot FROM message ORDER BY sequence LIMIT 1), id + 1)");
        SqliteStatement.Execute(_connection, "DELETE FROM boot WHERE id > (SELECT boot FROM message ORDER BY sequence DESC LIMIT 1)");
        using var insert = new SqliteStatement(_connection, "INSERT INTO boot (name, kernel, clock_offset) "
            + "VALUES (?1, ?2, (SELECT clock_offset FROM boot WHERE kernel = ?2 AND clock_offset IS NOT NULL))");
        insert.Bind(1, boot.Id).BindOptional(2, boot.Kernel).Run();
        long id = SqliteStatement.ReadInt64(_connection, "SELECT max(id) FROM boot");
        Commit();
        return id;
    }
}
