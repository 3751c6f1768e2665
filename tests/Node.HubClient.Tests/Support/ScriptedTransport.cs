using System.Buffers.Binary;
using System.Text;
using Node.HubClient.Connection;
using Node.HubClient.Transport;

namespace Node.HubClient.Tests.Support;

/// <summary>A transport whose other side is the test: it keeps what was sent and plays what the test puts in.</summary>
internal sealed class ScriptedTransport : IMqttTransport
{
    private readonly Queue<Scripted> _incoming = new();
    private Scripted? _current;

    public List<SentPublish> Published { get; } = [];

    public List<(ushort PacketId, string[] Filters)> Subscribed { get; } = [];

    public List<ushort> Acknowledged { get; } = [];

    public List<string> Unsubscribed { get; } = [];

    public List<ConnectRequest> Opened { get; } = [];

    public int Pings { get; private set; }

    public int PoliteCloses { get; private set; }

    public bool IsOpen { get; private set; }

    /// <summary>How often the client asked or told this transport anything.</summary>
    public long Asked { get; set; }

    public int FreeBytes
    {
        get
        {
            Asked++;
            return field;
        }

        set;
    } = 1 << 20;

    public long Progress { get; set; }

    public void Open(in ConnectRequest request)
    {
        Opened.Add(request);
        IsOpen = true;
    }

    public bool TryRead(out TransportEvent happened)
    {
        Asked++;
        if (!IsOpen || !_incoming.TryDequeue(out _current))
        {
            happened = default;
            return false;
        }

        happened = new TransportEvent
        {
            Kind = _current.Kind,
            PacketId = _current.PacketId,
            Code = _current.Code,
            QualityOfService = _current.PacketId == 0 ? (byte)0 : (byte)1,
            Topic = _current.Topic,
            Payload = _current.Payload,
            Cause = _current.Cause,
            Detail = _current.Detail,
        };
        return true;
    }

    public void Publish(ReadOnlySpan<byte> packet)
    {
        Assert.True(MqttFrame.TryRead(packet, out MqttFrame frame, out _));
        ReadOnlySpan<byte> body = packet[frame.BodyStart..];
        int topicLength = BinaryPrimitives.ReadUInt16BigEndian(body);
        bool acknowledged = (frame.FixedHeader & 0x06) != 0;
        Published.Add(new SentPublish(
            Encoding.UTF8.GetString(body.Slice(2, topicLength)),
            Encoding.UTF8.GetString(body[(2 + topicLength + (acknowledged ? 2 : 0))..]),
            acknowledged ? BinaryPrimitives.ReadUInt16BigEndian(body[(2 + topicLength)..]) : (ushort)0,
            (frame.FixedHeader & 0x08) != 0));
    }

    public void Subscribe(ushort packetId, IReadOnlyList<TopicFilter> filters) => Subscribed.Add((packetId, [.. filters.Select(filter => filter.Filter)]));

    public void Unsubscribe(ushort packetId, string filter) => Unsubscribed.Add(filter);

    public void Acknowledge(ushort packetId) => Acknowledged.Add(packetId);

    public void Ping() => Pings++;

    public void Flush()
    {
    }

    public void Close(bool politely)
    {
        PoliteCloses += politely && IsOpen ? 1 : 0;
        IsOpen = false;
        _incoming.Clear();
    }

    public void Dispose() => Close(politely: false);

    public void Accept() => _incoming.Enqueue(new Scripted { Kind = TransportEventKind.Accepted });

    public void Refuse(int code) => _incoming.Enqueue(new Scripted { Kind = TransportEventKind.Refused, Code = code });

    public void Lose(LossCause cause = LossCause.Network) => _incoming.Enqueue(new Scripted { Kind = TransportEventKind.Lost, Cause = cause, Detail = "cut by the test" });

    public void Pong() => _incoming.Enqueue(new Scripted { Kind = TransportEventKind.Pong });

    public void Confirm(ushort packetId) => _incoming.Enqueue(new Scripted { Kind = TransportEventKind.PublishAcknowledged, PacketId = packetId });

    public void Grant(params byte[] codes) =>
        _incoming.Enqueue(new Scripted { Kind = TransportEventKind.Subscribed, PacketId = Subscribed[^1].PacketId, Payload = codes.Length > 0 ? codes : new byte[Subscribed[^1].Filters.Length] });

    public void Arrive(string topic, string payload, ushort packetId = 0) =>
        _incoming.Enqueue(new Scripted { Kind = TransportEventKind.Published, PacketId = packetId, Topic = Encoding.UTF8.GetBytes(topic), Payload = Encoding.UTF8.GetBytes(payload) });

    internal sealed record SentPublish(string Topic, string Payload, ushort PacketId, bool Duplicate);

    private sealed class Scripted
    {
        public TransportEventKind Kind { get; init; }

        public ushort PacketId { get; init; }

        public int Code { get; init; }

        public byte[] Topic { get; init; } = [];

        public byte[] Payload { get; init; } = [];

        public LossCause Cause { get; init; }

        public string? Detail { get; init; }
    }
}
