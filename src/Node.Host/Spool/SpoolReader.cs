using Microsoft.Data.Sqlite;

namespace Node.Host.Spool;

/// <summary>The reading connection: sees what is committed, never waits for the writer. Whoever calls holds the spool's gate.</summary>
internal sealed class SpoolReader : IDisposable
{
    private const string Columns = "SELECT sequence, boot, component, sampled_at, time_synced, priority, body FROM message ";

    private readonly SqliteConnection _connection;
    private readonly SqliteStatement[] _next;
    private readonly SqliteStatement _one;
    private readonly SqliteStatement _oldest;
    private readonly Dictionary<long, string> _boots = [];

    /// <summary>Prepares the statements on a connection of its own, which it closes in the end.</summary>
    public SpoolReader(SqliteConnection connection)
    {
        _connection = connection;
        SqliteStatement.Execute(connection, "PRAGMA query_only = 1");
        _next =
        [
            new SqliteStatement(connection, Columns + "WHERE sequence > ?1 AND priority = 0 ORDER BY sequence LIMIT ?2"),
            new SqliteStatement(connection, Columns + "WHERE sequence > ?1 AND priority = 1 ORDER BY sequence LIMIT ?2"),
        ];
        _one = new SqliteStatement(connection, Columns + "WHERE sequence = ?1");
        _oldest = new SqliteStatement(connection, "SELECT sequence, sampled_at FROM message ORDER BY sequence");
        ReadBoots();
    }

    /// <summary>The message of that sequence; <see langword="null"/> when it is gone.</summary>
    public SpooledMessage? Find(long sequence)
    {
        SpooledMessage? found = null;
        Read(_one.Bind(1, sequence), message => found = message);
        return found;
    }

    /// <summary>Gives up to <paramref name="limit"/> messages of this priority above <paramref name="after"/>, oldest first.</summary>
    public void ReadNext(int priority, long after, int limit, Action<SpooledMessage> give) =>
        Read(_next[priority].Bind(1, after).Bind(2, limit), give);

    /// <summary>When the oldest message was sampled that <paramref name="counts"/>; <see langword="null"/> when there is none.</summary>
    public DateTimeOffset? OldestSampledAt(Func<long, bool> counts)
    {
        try
        {
            while (_oldest.Step())
            {
                if (counts(_oldest.Int64(0)))
                {
                    return SpoolTime.FromStored(_oldest.Int64(1));
                }
            }

            return null;
        }
        finally
        {
            _oldest.Reset();
        }
    }

    public void Dispose()
    {
        SqliteStatement[] all = [.. _next, _one, _oldest];
        foreach (SqliteStatement statement in all)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    private void Read(SqliteStatement statement, Action<SpooledMessage> give)
    {
        try
        {
            while (statement.Step())
            {
                give(new SpooledMessage(
                    statement.Int64(0), _boots.GetValueOrDefault(statement.Int64(1), "unknown"), statement.Text(2),
                    SpoolTime.FromStored(statement.Int64(3)), statement.Int64(4) != 0, statement.Int64(5) == 1 ? 1 : 0,
                    statement.Bytes(6).ToArray()));
            }
        }
        finally
        {
            statement.Reset();
        }
    }

    private void ReadBoots()
    {
        using var boots = new SqliteStatement(_connection, "SELECT id, name FROM boot");
        while (boots.Step())
        {
            _boots[boots.Int64(0)] = boots.Text(1);
        }
    }
}
