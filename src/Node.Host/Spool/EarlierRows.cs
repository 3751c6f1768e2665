using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Node.Host.Spool;

/// <summary>Reads the table of versions 1 and 2, which kept a row for each reading.</summary>
internal static class EarlierRows
{
    /// <summary>Visits the readings above <paramref name="after"/>, oldest first; rows that make no sense are left out.</summary>
    /// <exception cref="SqliteException">The rows from here on cannot be read.</exception>
    public static void Visit(SqliteConnection source, long version, long after, Action<FoundReading> visit)
    {
        using var row = new SqliteStatement(source, "SELECT sequence, boot, component, sampled_at, time_synced, priority, body, "
            + (version >= 2 ? "monotonic, quality" : "NULL, NULL") + " FROM message NOT INDEXED WHERE sequence > ?1 ORDER BY sequence");
        row.Bind(1, after);
        while (row.Step())
        {
            if (IsPlausible(row))
            {
                visit(new FoundReading(row.Int64(0), row.Int64(1), (int)row.Int64(5), new PacketReading(
                    row.Text(2), row.Int64(3), row.Int64(4) != 0, row.OptionalInt64(7), row.OptionalText(8), row.Bytes(6).ToArray())));
            }
        }
    }

    private static bool IsPlausible(SqliteStatement row) =>
        row.TypeOf(1) == raw.SQLITE_INTEGER && row.TypeOf(2) == raw.SQLITE_TEXT
        && row.TypeOf(3) == raw.SQLITE_INTEGER && row.Int64(4) is 0 or 1 && row.Int64(5) is 0 or 1
        && row.TypeOf(6) == raw.SQLITE_BLOB && row.Bytes(6).Length <= SpoolEntry.MaxBodyBytes;
}
