using Microsoft.Data.Sqlite;

namespace Node.Host.Spool;

/// <summary>Looks into a spool file without changing it, also while a node works with it. One thread.</summary>
internal sealed class SpoolInspection : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SpoolReader _reader;
    private readonly string _path;

    private SpoolInspection(SqliteConnection connection, string path)
    {
        _connection = SpoolSchema.Connect(path, TimeSpan.FromSeconds(5));
        _reader = new SpoolReader(connection);
        _path = path;
    }

    /// <summary>Opens the file for looking.</summary>
    /// <exception cref="SpoolException">There is none, it cannot be read, or it has another version.</exception>
    public static SpoolInspection Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new SpoolException(SpoolFault.InputOutput, $"There is no spool {path}: no node has run on this data folder; {SpoolException.AnotherFolder}.");
        }

        SqliteConnection? connection = null;
        try
        {
            connection = SpoolSchema.Connect(path, TimeSpan.FromSeconds(5));
            if (SpoolSchema.CheckOrigin(connection, path) is not SpoolSchema.Version and var version)
            {
                throw new SpoolException(SpoolFault.NewerVersion, $"The spool {path} has version {version}; run the node once, which brings it to version {SpoolSchema.Version}.");
            }

            return new SpoolInspection(connection, path);
        }
        catch (SqliteException failure)
        {
            connection?.Dispose();
            throw SpoolException.From(failure, path);
        }
        catch (SpoolException)
        {
            connection?.Dispose();
            throw;
        }
    }

    /// <summary>The totals as of the last commit.</summary>
    /// <exception cref="SpoolException">The file cannot be read.</exception>
    public SpoolTotals Totals() => Guard(() => TotalsTable.Read(_connection));

    /// <summary>What waits, sensor by sensor.</summary>
    /// <exception cref="SpoolException">The file cannot be read.</exception>
    public IReadOnlyList<SpooledSensor> Sensors()
    {
        var sensors = new SortedDictionary<string, SpooledSensor>(StringComparer.Ordinal);
        Visit(message =>
        {
            SpooledSensor sensor = sensors.GetValueOrDefault(message.Component) ?? new SpooledSensor(message.Component, 0, 0, message.SampledAt, message.SampledAt);
            sensors[message.Component] = sensor with
            {
                Count = sensor.Count + 1,
                Bytes = sensor.Bytes + RowSize.Of(System.Text.Encoding.UTF8.GetByteCount(message.Component), message.Body.Length),
                Newest = message.SampledAt,
            };
        });
        return [.. sensors.Values];
    }

    /// <summary>Gives every message that waits, oldest first.</summary>
    /// <exception cref="SpoolException">The file cannot be read.</exception>
    public void Visit(Action<SpooledMessage> visit) => Guard(() =>
    {
        const int AtOnce = 256;
        long after = 0;
        while (_reader.ReadAny(after, AtOnce, message =>
        {
            after = message.Sequence;
            visit(message);
        }) > 0)
        {
            // until none is left above
        }

        return 0;
    });

    public void Dispose()
    {
        _reader.Dispose();
        _connection.Dispose();
    }

    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SqliteException failure)
        {
            throw SpoolException.From(failure, _path);
        }
    }
}

/// <summary>What waits of one sensor.</summary>
/// <param name="Component">The sensor's name.</param>
/// <param name="Count">Messages.</param>
/// <param name="Bytes">Their size as the capacity counts it.</param>
/// <param name="Oldest">When the oldest was taken.</param>
/// <param name="Newest">When the newest was taken.</param>
internal sealed record SpooledSensor(string Component, long Count, long Bytes, DateTimeOffset? Oldest, DateTimeOffset? Newest);
