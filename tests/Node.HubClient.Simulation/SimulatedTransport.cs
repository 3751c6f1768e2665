using System.Buffers.Binary;
using System.Text;
using Node.HubClient.Connection;

namespace Node.HubClient.Simulation;

/// <summary>The device's end of the simulated network.</summary>
internal sealed class SimulatedTransport(VirtualClock clock, Network network, Invariants invariants) : IMqttTransport
{
    private const int Capacity = 64 * 1024;
    private Connection? _connection;
    private byte[] _topic = [];
    private byte[] _payload = [];

    /// <inheritdoc />
    public int FreeBytes => _connection is null || network.IsStalled ? 0 : Capacity;

    /// <inheritdoc />
    public long Progress => 0;

    /// <summary>When the next packet arrives; null when none is under way.</summary>
    public TimeSpan? NextArrival => _connection is { Down.Count: > 0 } connection ? connection.Down.Peek().At : null;

    /// <inheritdoc />
    public void Open(in ConnectRequest request)
    {
        _connection = network.Dial();
        _connection.SendUp(1, 0, request.Password!, []);
    }

    /// <inheritdoc />
    public bool TryRead(out TransportEvent happened)
    {
        happened = default;
        if (_connection is not { } connection)
        {
            return false;
        }

        if (connection.Down.TryPeek(out Packet? packet) && packet.At <= clock.Now)
        {
            connection.Down.Dequeue();
            happened = ToEvent(packet, connection);
            return true;
        }

        if (connection.IsRefused || connection.IsCut)
        {
            happened = new TransportEvent { Kind = TransportEventKind.Lost, Cause = connection.IsDropped ? LossCause.Closed : LossCause.Network, Detail = "cut by the simulation" };
            return true;
        }

        return false;
    }

    /// <inheritdoc />
    public void Publish(ReadOnlySpan<byte> packet)
    {
        int body = 1;
        while ((packet[body++] & 0x80) != 0)
        {
            // the remaining length's bytes
        }

        int topicLength = BinaryPrimitives.ReadUInt16BigEndian(packet[body..]);
        string topic = Encoding.UTF8.GetString(packet.Slice(body + 2, topicLength));
        bool acknowledged = (packet[0] & 6) != 0;
        ushort id = acknowledged ? BinaryPrimitives.ReadUInt16BigEndian(packet[(body + 2 + topicLength)..]) : (ushort)0;
        byte[] payload = packet[(body + 2 + topicLength + (acknowledged ? 2 : 0))..].ToArray();
        if (acknowledged)
        {
            invariants.Published(_connection!, id, (packet[0] & 8) != 0);
        }

        _connection!.SendUp(3, id, topic, payload);
    }

    /// <inheritdoc />
    public void Subscribe(ushort packetId, IReadOnlyList<TopicFilter> filters) =>
        _connection!.SendUp(8, packetId, "", [], [.. filters.Select(filter => filter.Filter)]);

    /// <inheritdoc />
    public void Unsubscribe(ushort packetId, string filter) => _connection!.SendUp(10, packetId, "", [], [filter]);

    /// <inheritdoc />
    public void Acknowledge(ushort packetId) => _connection!.SendUp(4, packetId, "", []);

    /// <inheritdoc />
    public void Ping() => _connection!.SendUp(12, 0, "", []);

    /// <inheritdoc />
    public void Flush()
    {
    }

    /// <inheritdoc />
    public void Close(bool politely)
    {
        if (_connection is not null)
        {
            if (politely)
            {
                _connection.SendUp(14, 0, "", []);
            }

            _connection.IsClosed = true;
            _connection = null;
        }
    }

    /// <inheritdoc />
    public void Dispose() => Close(politely: false);

    private TransportEvent ToEvent(Packet packet, Connection connection)
    {
        _topic = Encoding.UTF8.GetBytes(packet.Topic);
        _payload = packet.Payload;
        if (packet.Type == 4)
        {
            connection.Unacknowledged.Remove(packet.Id);
        }

        return new TransportEvent
        {
            Kind = packet.Type switch
            {
                2 => packet.Id == 0 ? TransportEventKind.Accepted : TransportEventKind.Refused,
                3 => TransportEventKind.Published,
                4 => TransportEventKind.PublishAcknowledged,
                9 => TransportEventKind.Subscribed,
                11 => TransportEventKind.Unsubscribed,
                _ => TransportEventKind.Pong,
            },
            Code = packet.Id,
            PacketId = packet.Id,
            QualityOfService = packet is { Type: 3, Id: > 0 } ? (byte)1 : (byte)0,
            Topic = _topic,
            Payload = _payload,
        };
    }
}
