using Microsoft.Data.Sqlite;

namespace HubEmulator.State;

/// <summary>
/// The tables of <c>hub.db</c>: a JSON document for each identity, and one for each part of the hub that has no identity. One hub at a time owns the
/// file. What a commit wrote is there after a kill of the process; a power cut may take the last moments, but nothing in part.
/// </summary>
internal sealed class StateDatabase : IDisposable
{
    public const string FileName = "hub.db";
    private const int Layout = 1;
    private const int Busy = 5; // SQLITE_BUSY

    private readonly SqliteConnection _connection;

    private StateDatabase(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens the file, or makes it, readable by its owner only.</summary>
    /// <exception cref="LocalHubException">Another hub owns it, it is damaged or of a later hub, or the folder cannot be written.</exception>
    public static StateDatabase Open(DataFolder folder)
    {
        folder.MakeSecret(FileName);
        var parts = new SqliteConnectionStringBuilder { DataSource = folder.PathOf(FileName), Pooling = false, DefaultTimeout = 1 };
        var connection = new SqliteConnection(parts.ConnectionString);
        try
        {
            connection.Open();
            var database = new StateDatabase(connection);
            database.Execute("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
            database.MakeTables();
            return database;
        }
        catch (Exception failed) when (failed is SqliteException or InvalidOperationException)
        {
            connection.Dispose();
            throw Unusable(folder, failed);
        }
    }

    /// <summary>Makes an error of the database one of the hub's, with a remedy.</summary>
    public static LocalHubException Unusable(DataFolder folder, Exception failed) => failed is SqliteException { SqliteErrorCode: Busy }
        ? new LocalHubException(LocalHubFault.DataFolderUnusable, $"{folder.PathOf(FileName)}: another hub uses this folder. Stop it, or choose another data folder.", failed)
        : new LocalHubException(
            LocalHubFault.DataFolderUnusable, $"{folder.PathOf(FileName)}: {failed.Message} Delete the file to start with fresh keys and twins.", failed);

    /// <returns>A document of the hub, or null when there is none.</returns>
    public string? TryReadPart(string name)
    {
        using SqliteCommand command = Command("SELECT json FROM parts WHERE name = $key", ("$key", name));
        return (string?)command.ExecuteScalar();
    }

    /// <summary>The documents of all identities.</summary>
    public IReadOnlyList<string> ReadIdentities()
    {
        using SqliteCommand command = Command("SELECT json FROM identities ORDER BY id");
        using SqliteDataReader rows = command.ExecuteReader();
        var documents = new List<string>();
        while (rows.Read())
        {
            documents.Add(rows.GetString(0));
        }

        return documents;
    }

    /// <summary>Runs the writes of a change, all or none.</summary>
    public void Commit(Action<StateDatabase> writes)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        writes(this);
        transaction.Commit();
    }

    public void PutPart(string name, string json) => Execute("INSERT OR REPLACE INTO parts (name, json) VALUES ($key, $json)", ("$key", name), ("$json", json));

    public void PutIdentity(string id, string json) =>
        Execute("INSERT OR REPLACE INTO identities (id, json) VALUES ($key, $json)", ("$key", id), ("$json", json));

    public void DeleteIdentity(string id) => Execute("DELETE FROM identities WHERE id = $key", ("$key", id));

    public void DeleteIdentities() => Execute("DELETE FROM identities");

    public void Dispose() => _connection.Dispose();

    private void MakeTables()
    {
        long layout = (long)Command("PRAGMA user_version").ExecuteScalar()!;
        if (layout > Layout)
        {
            throw new InvalidOperationException($"It is of layout {layout}, not {Layout}.");
        }

        Commit(_ => Execute($"""
            CREATE TABLE IF NOT EXISTS parts (name TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS identities (id TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
            PRAGMA user_version = {Layout}
            """));
    }

    private void Execute(string text, params ReadOnlySpan<(string Name, string Value)> parameters)
    {
        using SqliteCommand command = Command(text, parameters);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string text, params ReadOnlySpan<(string Name, string Value)> parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = text;
        foreach ((string name, string value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
