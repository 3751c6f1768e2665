using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Node.Host.Spool;

/// <summary>The tables, their version, and the settings of a connection.</summary>
internal static class SpoolSchema
{
    /// <summary>The version that this program reads and writes, in the header's <c>user_version</c>.</summary>
    public const int Version = 2;

    /// <summary>Marks the file as a spool in the header's <c>application_id</c>: "SNSP".</summary>
    public const int ApplicationId = 0x534E_5350;

    private const string CreateVersion1 = """
        CREATE TABLE boot (
            id   INTEGER PRIMARY KEY,
            name TEXT NOT NULL) STRICT;
        CREATE TABLE message (
            sequence       INTEGER PRIMARY KEY,
            boot           INTEGER NOT NULL,
            component      TEXT NOT NULL,
            sampled_at     INTEGER NOT NULL,
            time_synced    INTEGER NOT NULL,
            priority       INTEGER NOT NULL,
            appended_bytes INTEGER NOT NULL,
            body           BLOB NOT NULL) STRICT;
        CREATE INDEX message_alarm ON message (priority, sequence) WHERE priority = 1;
        CREATE TABLE totals (
            id                  INTEGER PRIMARY KEY CHECK (id = 1),
            last_sequence       INTEGER NOT NULL,
            appended_bytes      INTEGER NOT NULL,
            removed_bytes       INTEGER NOT NULL,
            confirmed           INTEGER NOT NULL,
            dropped_by_capacity INTEGER NOT NULL,
            dropped_by_age      INTEGER NOT NULL,
            lost_by_corruption  INTEGER NOT NULL) STRICT;
        CREATE VIEW readable AS
            SELECT sequence, boot.name AS boot, component, datetime(sampled_at / 10000000, 'unixepoch') AS sampled_at,
                   time_synced, priority, CAST(body AS TEXT) AS body
            FROM message JOIN boot ON boot.id = message.boot;
        INSERT INTO totals VALUES (1, 0, 0, 0, 0, 0, 0, 0);
        """;

    /// <summary>The run of the machine and its clock, the monotonic time and the quality of a reading, and a count of what was thinned out.</summary>
    private const string MigrateToVersion2 = """
        ALTER TABLE boot ADD COLUMN kernel TEXT;
        ALTER TABLE boot ADD COLUMN clock_offset INTEGER;
        ALTER TABLE message ADD COLUMN monotonic INTEGER;
        ALTER TABLE message ADD COLUMN quality TEXT;
        ALTER TABLE totals ADD COLUMN dropped_by_thinning INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE totals ADD COLUMN purged INTEGER NOT NULL DEFAULT 0;
        DROP VIEW readable;
        CREATE VIEW readable AS
            SELECT sequence, boot.name AS boot, component,
                   strftime('%Y-%m-%dT%H:%M:%fZ', CASE WHEN time_synced = 0 THEN coalesce(monotonic + clock_offset, sampled_at)
                       ELSE sampled_at END / 10000000.0, 'unixepoch') AS sampled_at,
                   time_synced = 1 OR (monotonic IS NOT NULL AND clock_offset IS NOT NULL) AS time_synced,
                   coalesce(quality, 'good') AS quality, priority, CAST(body AS TEXT) AS body
            FROM message JOIN boot ON boot.id = message.boot;
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
        // The vacuum's mode can only be chosen before the first table is made, and the log's before the first transaction.
        SqliteStatement.Execute(connection, "PRAGMA auto_vacuum = INCREMENTAL");
        SqliteStatement.Execute(connection, "PRAGMA journal_mode = WAL");
        SqliteStatement.Execute(connection, "PRAGMA synchronous = FULL");
        SqliteStatement.Execute(connection, $"PRAGMA wal_autocheckpoint = {logPages}");
        SqliteStatement.Execute(connection, $"PRAGMA journal_size_limit = {2 * logPages * SpoolStore.PageBytes}");
        SqliteStatement.Execute(connection, "PRAGMA temp_store = MEMORY");
    }

    /// <summary>Brings an empty or older file to <see cref="Version"/>.</summary>
    /// <exception cref="SpoolException">The file is newer, or of another program; it was left as it was.</exception>
    public static void Migrate(SqliteConnection connection, string path)
    {
        long version = CheckOrigin(connection, path);
        if (version == Version)
        {
            return;
        }

        SqliteStatement.Execute(connection, "BEGIN IMMEDIATE");
        Step(connection, version < 1, CreateVersion1);
        Step(connection, version < 2, MigrateToVersion2);

        SqliteStatement.Execute(connection, $"PRAGMA application_id = {ApplicationId}");
        SqliteStatement.Execute(connection, $"PRAGMA user_version = {Version}");
        SqliteStatement.Execute(connection, "COMMIT");
    }

    /// <summary>A later version adds its own step, from the version before it; a new file takes them all.</summary>
    private static void Step(SqliteConnection connection, bool needed, string script)
    {
        if (needed)
        {
            using var command = connection.CreateCommand();
            command.CommandText = script;
            command.ExecuteNonQuery();
        }
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
                $"{path} is a database of another program. Set Node:DataFolder to a folder of its own.");
        }

        if (version > Version)
        {
            throw new SpoolException(SpoolFault.NewerVersion,
                $"The spool {path} has version {version}; this program knows versions up to {Version}. Start the newer program, or move the file away.");
        }

        return empty ? 0 : version;
    }
}
