using Microsoft.Data.Sqlite;

namespace Node.Host.Spool;

/// <summary>The one row that counts what was appended and what became of it.</summary>
internal static class TotalsTable
{
    /// <summary>Its parameters are bound by <see cref="Save"/>.</summary>
    public const string SaveText = "UPDATE totals SET last_sequence = ?1, appended_bytes = ?2, removed_bytes = ?3, "
        + "confirmed = ?4, dropped_by_capacity = ?5, dropped_by_age = ?6, lost_by_corruption = ?7, dropped_by_thinning = ?8, purged = ?9 WHERE id = 1";

    /// <summary>Binds and runs <see cref="SaveText"/>.</summary>
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

    /// <summary>The totals of a file: those last saved, and what the newest packet, or row of an earlier version, tells of the appends since.</summary>
    /// <exception cref="SqliteException">They cannot be read.</exception>
    public static SpoolTotals Read(SqliteConnection connection, long version = SpoolSchema.Version)
    {
        string since2 = version >= 2 ? "dropped_by_thinning, purged" : "0, 0";
        using var saved = new SqliteStatement(connection, "SELECT last_sequence, appended_bytes, removed_bytes, confirmed, "
            + $"dropped_by_capacity, dropped_by_age, lost_by_corruption, {since2} FROM totals WHERE id = 1");
        if (!saved.Step())
        {
            throw new SqliteException("The table totals is empty.", SQLitePCL.raw.SQLITE_CORRUPT);
        }

        using var newest = new SqliteStatement(connection, version >= 3
            ? "SELECT last, appended_bytes FROM packet ORDER BY last DESC LIMIT 1"
            : "SELECT sequence, appended_bytes FROM message ORDER BY sequence DESC LIMIT 1");
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
}
