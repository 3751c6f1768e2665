using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Node.Host.Spool;

/// <summary>Copies what can be read of a spool into a new file: of a damaged one, or of one of an earlier version.</summary>
internal static class SpoolSalvage
{
    private const int Probes = 65_536; // Single steps over unreadable rows, before the steps grow.

    /// <summary>Copies boots, messages and totals; what the source's table can no longer tell counts as lost.</summary>
    /// <param name="path">The file to read.</param>
    /// <param name="fresh">The file to make.</param>
    /// <param name="known">Totals that the caller knows better than the file.</param>
    /// <param name="lost">How many messages were not found.</param>
    /// <returns>The totals of the new file.</returns>
    public static SpoolTotals Copy(string path, string fresh, in SpoolTotals known, out long lost)
    {
        using SqliteConnection target = SpoolSchema.Connect(fresh, TimeSpan.FromSeconds(5));
        SpoolSchema.Configure(target, SpoolSchema.MostLogPages);
        SpoolSchema.Create(target, fresh);
        using SqliteConnection? source = TryOpen(path);
        SpoolTotals read = known;
        (long Rows, long Bytes, long Last) copied = default;
        SqliteStatement.Execute(target, "BEGIN IMMEDIATE");
        if (source is not null)
        {
            long version = SqliteStatement.ReadInt64(source, "PRAGMA user_version");
            read = Newer(known, TryReadTotals(source, version));
            CopyBoots(source, version, target);
            copied = CopyMessages(source, version, target, Math.Max(read.LastSequence, TryReadLast(source, version)));
        }

        SpoolTotals totals = Reckon(read, copied);
        lost = totals.LostByCorruption - read.LostByCorruption;
        using (var save = new SqliteStatement(target, TotalsTable.SaveText))
        {
            TotalsTable.Save(save, totals);
        }

        SqliteStatement.Execute(target, "COMMIT");
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

    private static SpoolTotals TryReadTotals(SqliteConnection source, long version)
    {
        try
        {
            return TotalsTable.Read(source, version);
        }
        catch (SqliteException)
        {
            return default; // The loss is then reckoned from the sequences alone.
        }
    }

    private static long TryReadLast(SqliteConnection source, long version)
    {
        try
        {
            return SqliteStatement.ReadInt64(source, version >= 3 ? "SELECT max(last) FROM packet" : "SELECT max(sequence) FROM message");
        }
        catch (SqliteException)
        {
            return 0;
        }
    }

    private static void CopyBoots(SqliteConnection source, long version, SqliteConnection target)
    {
        try
        {
            using var read = new SqliteStatement(source, $"SELECT id, name, {(version >= 2 ? "kernel, clock_offset" : "NULL, NULL")} FROM boot");
            using var write = new SqliteStatement(target, "INSERT OR IGNORE INTO boot VALUES (?1, ?2, ?3, ?4)");
            while (read.Step())
            {
                write.Bind(1, read.Int64(0)).Bind(2, read.Text(1)).BindOptional(3, read.OptionalText(2)).Bind(4, read.OptionalInt64(3)).Run();
            }
        }
        catch (SqliteException)
        {
            // A message whose boot is unknown is sent with a boot "unknown": its sequence still tells it apart.
        }
    }

    /// <summary>Reads upwards and steps over what cannot be read; a good page after a bad one is found by its first readable sequence.</summary>
    private static (long Rows, long Bytes, long Last) CopyMessages(SqliteConnection source, long version, SqliteConnection target, long last)
    {
        using var writer = new PacketWriter(target);
        (long Rows, long Bytes, long Last) copied = default;
        long step = 1;
        int probes = 0;
        for (long after = 0; ;)
        {
            long before = copied.Last;
            if (TryCopyFrom(source, version, writer, after, ref copied))
            {
                break;
            }

            after = Math.Max(after, copied.Last) + (copied.Last > before ? step = 1 : step);
            if (after > last)
            {
                break;
            }

            step = ++probes < Probes ? 1 : step * 2;
        }

        writer.Write();
        return copied;
    }

    private static bool TryCopyFrom(
        SqliteConnection source, long version, PacketWriter writer, long after, ref (long Rows, long Bytes, long Last) copied)
    {
        (long Rows, long Bytes, long Last) now = copied;
        try
        {
            Visit(source, version, after, found =>
            {
                if (found.Sequence > now.Last)
                {
                    now = (now.Rows + 1, now.Bytes + found.Reading.Size, found.Sequence);
                    writer.Add(found.Sequence, found.Boot, found.Priority, found.Reading, now.Bytes);
                }
            });
            return true;
        }
        catch (SqliteException damage) when (SpoolException.IsDamage(damage) || damage.SqliteErrorCode == raw.SQLITE_IOERR)
        {
            return false;
        }
        finally
        {
            copied = now;
        }
    }

    private static void Visit(SqliteConnection source, long version, long after, Action<FoundReading> visit)
    {
        if (version < 3)
        {
            EarlierRows.Visit(source, version, after, visit);
            return;
        }

        using var packets = new PacketTable(source);
        packets.Visit(after, long.MaxValue, priority: null, int.MaxValue, (packet, sequence) =>
        {
            visit(new FoundReading(sequence, packet.Boot, packet.Priority, packet[sequence]));
            return true;
        });
    }
}
