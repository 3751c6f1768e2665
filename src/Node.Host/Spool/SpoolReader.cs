using Microsoft.Data.Sqlite;

namespace Node.Host.Spool;

/// <summary>The reading connection: sees what is committed, never waits for the writer. Whoever calls holds the spool's gate.</summary>
internal sealed class SpoolReader : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly PacketTable _packets;
    private readonly Dictionary<long, (string Name, long? ClockOffset)> _boots = [];

    /// <summary>Prepares the statements on a connection of its own, which it closes in the end.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="recent">What the writer stored last; null when it is another process.</param>
    public SpoolReader(SqliteConnection connection, RecentPackets? recent = null)
    {
        _connection = connection;
        SqliteStatement.Execute(connection, "PRAGMA query_only = 1");
        _packets = new PacketTable(connection, recent);
        ReadBoots();
    }

    /// <summary>The message of that sequence; <see langword="null"/> when it is gone.</summary>
    public SpooledMessage? Find(long sequence) =>
        _packets.Find(sequence) is { } packet && !packet.IsGone(sequence) ? Message(packet, sequence) : null;

    /// <summary>Gives up to <paramref name="limit"/> messages of this priority above <paramref name="after"/> and up to <paramref name="last"/>, oldest first.</summary>
    /// <returns>How many it gave.</returns>
    public int ReadNext(int priority, long after, long last, int limit, Action<SpooledMessage> give) => Give(after, last, priority, limit, give);

    /// <summary>Gives up to <paramref name="limit"/> messages of any priority above <paramref name="after"/>, oldest first.</summary>
    /// <returns>How many it gave.</returns>
    public int ReadAny(long after, int limit, Action<SpooledMessage> give) => Give(after, long.MaxValue, priority: null, limit, give);

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
        DateTimeOffset? oldest = null;
        _packets.Visit(0, long.MaxValue, priority: null, int.MaxValue, (packet, sequence) =>
        {
            oldest = counts(sequence) ? SpoolTime.FromStored(packet[sequence].SampledAt) : null;
            return oldest is null;
        });
        return oldest;
    }

    public void Dispose()
    {
        _packets.Dispose();
        _connection.Dispose();
    }

    private int Give(long after, long last, int? priority, int limit, Action<SpooledMessage> give) =>
        _packets.Visit(after, last, priority, limit, (packet, sequence) =>
        {
            give(Message(packet, sequence));
            return true;
        });

    private SpooledMessage Message(Packet packet, long sequence)
    {
        PacketReading reading = packet[sequence];
        (string boot, long? offset) = _boots.GetValueOrDefault(packet.Boot, ("unknown", null));
        (long sampledAt, bool synced) = (reading.SampledAt, reading.TimeSynced);
        if (!synced && reading.Monotonic is { } monotonic && offset is { } known)
        {
            (sampledAt, synced) = (monotonic + known, true); // The clock has become right since, and the monotonic one never was wrong.
        }

        return new SpooledMessage(sequence, boot, reading.Component, SpoolTime.FromStored(sampledAt), synced, packet.Priority, reading.Body)
        {
            Quality = reading.Quality ?? SpoolEntry.Good,
        };
    }
}
