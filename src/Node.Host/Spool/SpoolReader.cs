using Microsoft.Data.Sqlite;

namespace Node.Host.Spool;

/// <summary>The reading connection: sees what is committed, never waits for the writer. Whoever calls holds the spool's gate.</summary>
internal sealed class SpoolReader : IDisposable
{
    private const string Columns = "SELECT sequence, boot, component, sampled_at, time_synced, priority, body, monotonic, quality FROM message ";

    private readonly SqliteConnection _connection;
    private readonly SqliteStatement[] _next;
    private readonly SqliteStatement _any;
    private readonly SqliteStatement _one;
    private readonly SqliteStatement _oldest;
    private readonly Dictionary<long, (string Name, long? ClockOffset)> _boots = [];

    /// <summary>Prepares the statements on a connection of its own, which it closes in the end.</summary>
    public SpoolReader(SqliteConnection connection)
    {
        _connection = connection;
        SqliteStatement.Execute(connection, "PRAGMA query_only = 1");
        _next =
        [
            new SqliteStatement(connection, Columns + "WHERE sequence > ?1 AND sequence <= ?2 AND priority = 0 ORDER BY sequence LIMIT ?3"),
            new SqliteStatement(connection, Columns + "WHERE sequence > ?1 AND sequence <= ?2 AND priority = 1 ORDER BY sequence LIMIT ?3"),
        ];
        _any = new SqliteStatement(connection, Columns + "WHERE sequence > ?1 ORDER BY sequence LIMIT ?2");
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

    /// <summary>Gives up to <paramref name="limit"/> messages of this priority above <paramref name="after"/> and up to <paramref name="last"/>, oldest first.</summary>
    /// <returns>How many it gave.</returns>
    public int ReadNext(int priority, long after, long last, int limit, Action<SpooledMessage> give) =>
        Read(_next[priority].Bind(1, after).Bind(2, last).Bind(3, limit), give);

    /// <summary>Gives up to <paramref name="limit"/> messages of any priority above <paramref name="after"/>, oldest first.</summary>
    /// <returns>How many it gave.</returns>
    public int ReadAny(long after, int limit, Action<SpooledMessage> give) => Read(_any.Bind(1, after).Bind(2, limit), give);

    /// <summary>Takes over what the table of boots says now.</summary>
    public void ReadBoots()
    {
        using var boots = new SqliteStatement(_connection, "SELECT id, name, clock_offset FROM boot");
        while (boots.Step())
        {
            _boots[boots.Int64(0)] = (boots.Text(1), boots.OptionalInt64(2));
        }
    }

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
        SqliteStatement[] all = [.. _next, _any, _one, _oldest];
        foreach (SqliteStatement statement in all)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    private int Read(SqliteStatement statement, Action<SpooledMessage> give)
    {
        int read = 0;
        try
        {
            for (; statement.Step(); read++)
            {
                give(Message(statement));
            }

            return read;
        }
        finally
        {
            statement.Reset();
        }
    }

    private SpooledMessage Message(SqliteStatement row)
    {
        (string boot, long? offset) = _boots.GetValueOrDefault(row.Int64(1), ("unknown", null));
        (long sampledAt, bool synced) = (row.Int64(3), row.Int64(4) != 0);
        if (!synced && row.OptionalInt64(7) is { } monotonic && offset is { } known)
        {
            (sampledAt, synced) = (monotonic + known, true); // The clock has become right since, and the monotonic one never was wrong.
        }

        return new SpooledMessage(
            row.Int64(0), boot, row.Text(2), SpoolTime.FromStored(sampledAt), synced, row.Int64(5) == 1 ? 1 : 0, row.Bytes(6).ToArray())
        {
            Quality = row.TypeOf(8) == SQLitePCL.raw.SQLITE_TEXT ? row.Text(8) : SpoolEntry.Good,
        };
    }
}
