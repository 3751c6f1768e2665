using Microsoft.Data.Sqlite;

namespace Node.HostProbe;

/// <summary>SQLite alone: rows of 256 bytes into a write-ahead log with <c>synchronous=FULL</c>, the prepared statement reused.</summary>
internal static class BareSqlite
{
    private const int RowBytes = 256;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(1);

    /// <summary>Rows a second with this many to a commit, and the CPU time of this process for a row in µs.</summary>
    public static double[] Measure(int rowsACommit)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("sensornode-bench-");
        try
        {
            using var connection = new SqliteConnection($"Data Source={Path.Combine(folder.FullName, "bare.db")};Pooling=False");
            connection.Open();
            Execute(connection, "PRAGMA journal_mode = WAL");
            Execute(connection, "PRAGMA synchronous = FULL");
            Execute(connection, "CREATE TABLE row (id INTEGER PRIMARY KEY, body BLOB NOT NULL)");
            using SqliteCommand insert = connection.CreateCommand();
            insert.CommandText = "INSERT INTO row (body) VALUES ($body)";
            SqliteParameter body = insert.Parameters.Add("$body", SqliteType.Blob);
            return Insert(connection, insert, body, rowsACommit);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static double[] Insert(SqliteConnection connection, SqliteCommand insert, SqliteParameter body, int rowsACommit)
    {
        var random = new Random(1);
        byte[] row = new byte[RowBytes];
        long rows = 0;
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < Duration)
        {
            using SqliteTransaction transaction = connection.BeginTransaction();
            insert.Transaction = transaction;
            for (int index = 0; index < rowsACommit; index++)
            {
                random.NextBytes(row.AsSpan(0, 16));
                body.Value = row;
                insert.ExecuteNonQuery();
            }

            transaction.Commit();
            rows += rowsACommit;
        }

        return [rows / TimeProvider.System.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / rows];
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
