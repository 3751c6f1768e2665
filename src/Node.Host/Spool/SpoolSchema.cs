using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Node.Host.Spool;

/// <summary>The tables, their version, and the settings of a connection.</summary>
internal static class SpoolSchema
{
    /// <summary>The version that this program reads and writes, in the header's <c>user_version</c>.</summary>
    public const int Version = 3;

    /// <summary>Marks the file as a spool in the header's <c>application_id</c>: "SNSP".</summary>
    public const int ApplicationId = 0x534E_5350;

    /// <summary>Pages in the log, at most, after which a commit copies them into the database: 4 MiB.</summary>
    public const long MostLogPages = (4 << 20) / SpoolStore.PageBytes;

    /// <summary>
    /// A packet's <c>last</c> and <c>first</c> sequence, and in <c>gone</c> a bit for each that was removed since. <c>gone</c> comes before the
    /// readings and keeps its length, so that a change of it rewrites one page and not the packet.
    /// </summary>
    private const string Script = """
        CREATE TABLE boot (
            id           INTEGER PRIMARY KEY,
            name         TEXT NOT NULL,
            kernel       TEXT,
            clock_offset INTEGER) STRICT;
        CREATE TABLE packet (
            last           INTEGER PRIMARY KEY,
            first          INTEGER NOT NULL,
            boot           INTEGER NOT NULL,
            priority       INTEGER NOT NULL,
            appended_bytes INTEGER NOT NULL,
            gone           BLOB NOT NULL,
            readings       BLOB NOT NULL) STRICT;
        CREATE INDEX packet_alarm ON packet (priority) WHERE priority = 1;
        CREATE TABLE totals (
            id                  INTEGER PRIMARY KEY CHECK (id = 1),
            last_sequence       INTEGER NOT NULL,
            appended_bytes      INTEGER NOT NULL,
            removed_bytes       INTEGER NOT NULL,
            confirmed           INTEGER NOT NULL,
            dropped_by_capacity INTEGER NOT NULL,
            dropped_by_age      INTEGER NOT NULL,
            lost_by_corruption  INTEGER NOT NULL,
            dropped_by_thinning INTEGER NOT NULL,
            purged              INTEGER NOT NULL) STRICT;
        INSERT INTO totals VALUES (1, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        """;

    /// <summary>Opens a connection with no pool, so that closing it closes the file.</summary>
    public static SqliteConnection Connect(string path, TimeSpan lockTimeout)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            SqliteException.ThrowExceptionForRC(
                raw.sqlite3_busy_timeout(connection.Handle!, (int)lockTimeout.TotalMilliseconds), connection.Handle);
            return connection;
        }
        catch (SqliteException)
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Sets the writing connection up: an incremental vacuum's map, write-ahead log, and a synchronous write for each commit.</summary>
    /// <param name="connection">The writing connection.</param>
    /// <param name="logPages">Pages in the log after which a commit copies them into the database.</param>
    public static void Configure(SqliteConnection connection, long logPages)
    {
        // Page and vacuum can only be chosen before the first table is made, and the log's before the first transaction.
        SqliteStatement.Execute(connection, $"PRAGMA page_size = {SpoolStore.PageBytes}");
        SqliteStatement.Execute(connection, "PRAGMA auto_vacuum = INCREMENTAL");
        SqliteStatement.Execute(connection, "PRAGMA journal_mode = WAL");
        SqliteStatement.Execute(connection, "PRAGMA synchronous = FULL");
        SqliteStatement.Execute(connection, $"PRAGMA wal_autocheckpoint = {logPages}");
        SqliteStatement.Execute(connection, $"PRAGMA journal_size_limit = {2 * logPages * SpoolStore.PageBytes}");
        SqliteStatement.Execute(connection, "PRAGMA temp_store = MEMORY");
    }

    /// <summary>Makes the tables in an empty file, and leaves one that has them as it is.</summary>
    /// <exception cref="SpoolException">The file is newer, or of another program; it was left as it was.</exception>
    public static void Create(SqliteConnection connection, string path)
    {
        if (CheckOrigin(connection, path) > 0)
        {
            return;
        }

        SqliteStatement.Execute(connection, "BEGIN IMMEDIATE");
        using (SqliteCommand command = connection.CreateCommand())
        {
            command.CommandText = Script;
            command.ExecuteNonQuery();
        }

        SqliteStatement.Execute(connection, $"PRAGMA application_id = {ApplicationId}");
        SqliteStatement.Execute(connection, $"PRAGMA user_version = {Version}");
        SqliteStatement.Execute(connection, "COMMIT");
    }

    /// <summary>The version of a spool, 0 of an empty database, read before anything is changed.</summary>
    /// <exception cref="SpoolException">The file is newer, or of another program.</exception>
    public static long CheckOrigin(SqliteConnection connection, string path)
    {
        long version = SqliteStatement.ReadInt64(connection, "PRAGMA user_version");
        long origin = SqliteStatement.ReadInt64(connection, "PRAGMA application_id");
        bool empty = SqliteStatement.ReadInt64(connection, "SELECT count(*) FROM sqlite_schema") == 0;
        if (empty ? origin is not (0 or ApplicationId) : origin != ApplicationId)
        {
            throw new SpoolException(SpoolFault.Foreign,
                $"{path} is a database of another program. Move it away, or {SpoolException.AnotherFolder}.");
        }

        if (version > Version)
        {
            throw new SpoolException(SpoolFault.NewerVersion,
                $"The spool {path} has version {version}; this program knows versions up to {Version}. Start the newer program, or move the file away.");
        }

        return empty ? 0 : version;
    }
}
