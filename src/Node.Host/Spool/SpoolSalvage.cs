using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Node.Host.Spool;

/// <summary>Copies what can be read of a damaged spool into a new file.</summary>
internal static class SpoolSalvage
{
    private const int Probes = 65_536; // Single steps over unreadable rows, before the steps grow.

    /// <summary>Copies boots, messages and totals; what the source's table can no longer tell counts as lost.</summary>
    /// <returns>The totals of the new file.</returns>
    public static SpoolTotals Copy(string damaged, string fresh, in SpoolTotals known)
    {
        using SqliteConnection target = SpoolSchema.Connect(fresh, TimeSpan.FromSeconds(5));
        SpoolSchema.Configure(target, logPages: 1024);
        SpoolSchema.Migrate(target, fresh);
        SpoolTotals totals = known;
        (long Rows, long Bytes, long Last) copied = default;
        SqliteConnection? source = TryOpen(damaged);
        if (source is not null)
        {
            using (source)
            {
                totals = Newer(known, TryReadTotals(source));
                SqliteStatement.Execute(target, "BEGIN IMMEDIATE");
                CopyBoots(source, target);
                copied = CopyMessages(source, target, Math.Max(totals.LastSequence, TryReadLast(source)));
                Save(target, totals = Reckon(totals, copied));
                SqliteStatement.Execute(target, "COMMIT");
            }
        }
        else
        {
            Save(target, totals = Reckon(totals, copied));
        }

        return totals;
    }

    private static SpoolTotals Newer(in SpoolTotals known, in SpoolTotals read) =>
        known.LastSequence >= read.LastSequence && known.LastSequence > 0 ? known : read;

    private static SpoolTotals Reckon(SpoolTotals totals, (long Rows, long Bytes, long Last) copied)
    {
        totals = totals with { LastSequence = Math.Max(totals.LastSequence, copied.Last) };
        return totals with
        {
            LostByCorruption = totals.LostByCorruption + Math.Max(0, totals.Rows - copied.Rows),
            AppendedBytes = copied.Bytes,
            RemovedBytes = 0,
        };
    }

    private static SqliteConnection? TryOpen(string path)
    {
        SqliteConnection? source = null;
        try
        {
            source = SpoolSchema.Connect(path, TimeSpan.FromSeconds(5));
            SqliteStatement.Execute(source, "PRAGMA query_only = 1");
            _ = SqliteStatement.ReadInt64(source, "SELECT count(*) FROM sqlite_schema");
            return source;
        }
        catch (SqliteException)
        {
            source?.Dispose(); // Not even its first page is a database's: there is nothing to copy.
            return null;
        }
    }

    private static SpoolTotals TryReadTotals(SqliteConnection source)
    {
        try
        {
            return SpoolStore.ReadTotals(source);
        }
        catch (SqliteException)
        {
            return default; // The loss is then reckoned from the sequences alone.
        }
    }

    private static long TryReadLast(SqliteConnection source)
    {
        try
        {
            return SqliteStatement.ReadInt64(source, "SELECT max(sequence) FROM message");
        }
        catch (SqliteException)
        {
            return 0;
        }
    }

    private static void CopyBoots(SqliteConnection source, SqliteConnection target)
    {
        try
        {
            using var read = new SqliteStatement(source, $"SELECT id, name, {Columns(source, "kernel, clock_offset")} FROM boot");
            using var write = new SqliteStatement(target, "INSERT OR IGNORE INTO boot VALUES (?1, ?2, ?3, ?4)");
            while (read.Step())
            {
                write.Bind(1, read.Int64(0)).Bind(2, read.Text(1)).BindOptional(3, OptionalText(read, 2)).Bind(4, read.OptionalInt64(3)).Run();
            }
        }
        catch (SqliteException)
        {
            // A message whose boot is unknown is sent with a boot "unknown": its sequence still tells it apart.
        }
    }

    /// <summary>Reads upwards and steps over what cannot be read; a good page after a bad one is found by its first readable sequence.</summary>
    private static (long Rows, long Bytes, long Last) CopyMessages(SqliteConnection source, SqliteConnection target, long last)
    {
        using var write = new SqliteStatement(target, "INSERT OR IGNORE INTO message VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
        (long Rows, long Bytes, long Last) copied = default;
        long step = 1;
        int probes = 0;
        for (long after = 0; ;)
        {
            long before = copied.Last;
            if (TryCopyFrom(source, write, after, ref copied))
            {
                return copied;
            }

            after = Math.Max(after, copied.Last) + (copied.Last > before ? step = 1 : step);
            if (after > last)
            {
                return copied;
            }

            step = ++probes < Probes ? 1 : step * 2;
        }
    }

    private static bool TryCopyFrom(
        SqliteConnection source, SqliteStatement write, long after, ref (long Rows, long Bytes, long Last) copied)
    {
        try
        {
            using var read = new SqliteStatement(source, "SELECT sequence, boot, component, sampled_at, time_synced, priority, body, "
                + Columns(source, "monotonic, quality") + " FROM message NOT INDEXED WHERE sequence > ?1 ORDER BY sequence");
            read.Bind(1, after);
            while (read.Step())
            {
                if (IsPlausible(read, copied.Last))
                {
                    Write(read, write, ref copied);
                }
            }

            return true;
        }
        catch (SqliteException damage) when (SpoolException.IsDamage(damage) || damage.SqliteErrorCode == raw.SQLITE_IOERR)
        {
            return false;
        }
    }

    private static bool IsPlausible(SqliteStatement row, long last) =>
        row.Int64(0) > last && row.TypeOf(1) == raw.SQLITE_INTEGER && row.TypeOf(2) == raw.SQLITE_TEXT
        && row.TypeOf(3) == raw.SQLITE_INTEGER && row.Int64(4) is 0 or 1 && row.Int64(5) is 0 or 1
        && row.TypeOf(6) == raw.SQLITE_BLOB && row.Bytes(6).Length <= SpoolEntry.MaxBodyBytes;

    private static void Write(SqliteStatement row, SqliteStatement write, ref (long Rows, long Bytes, long Last) copied)
    {
        copied = (copied.Rows + 1, copied.Bytes + RowSize.Of(row.Bytes(2).Length, row.Bytes(6).Length), row.Int64(0));
        write.Bind(1, row.Int64(0)).Bind(2, row.Int64(1)).Bind(3, row.Text(2)).Bind(4, row.Int64(3)).Bind(5, row.Int64(4))
            .Bind(6, row.Int64(5)).Bind(7, copied.Bytes).Bind(8, row.Bytes(6))
            .Bind(9, row.OptionalInt64(7)).BindOptional(10, OptionalText(row, 8)).Run();
    }

    /// <summary>The columns that version 2 brought, or nulls in their place.</summary>
    private static string Columns(SqliteConnection source, string since2) =>
        SqliteStatement.ReadInt64(source, "PRAGMA user_version") >= 2 ? since2 : string.Join(", ", since2.Split(", ").Select(_ => "NULL"));

    private static string? OptionalText(SqliteStatement row, int column) => row.TypeOf(column) == raw.SQLITE_TEXT ? row.Text(column) : null;

    private static void Save(SqliteConnection target, in SpoolTotals totals)
    {
        using var save = new SqliteStatement(target, SpoolStore.SaveTotalsText);
        SpoolStore.Save(save, totals);
    }
}
