using System.Text;
using Microsoft.Extensions.Logging;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Node.HubClient.Connection;

namespace Node.HubClient.Transport;

/// <summary>
/// MQTT 3.1.1 over a <see cref="PolledLink"/>. PUBLISH and PUBACK, the hot path, are read and written here byte by byte; MQTTnet's codec
/// writes and reads everything else. What is sent is gathered in one buffer and encrypted when it is full or flushed.
/// </summary>
internal sealed class PolledMqttTransport(LinkEndpoint endpoint, LinkRoute route, TimeProvider clock, ILogger? logger = null) : IMqttTransport
{
    private const int GatherBytes = 16 * 1024; // One TLS record holds no more.
    private const int CapacityBytes = 512 * 1024;
    private const int PubAckType = 4;
    private const int QosBits = 6;

    private readonly MqttPacketFormatterAdapter _codec = new(MqttProtocolVersion.V311, new MqttBufferWriter(1024, 16 * 1024));
    private readonly ReceiveBuffer _received = new();
    private readonly byte[] _gather = new byte[GatherBytes];
    private int _gathered;
    private readonly ReadPause _pause = new(clock);
    private bool _connectSent;
    private ConnectRequest _request;
    private PolledLink? _link;

    /// <inheritdoc />
    public int FreeBytes => _link is { State: LinkState.Open } link ? CapacityBytes - link.UnsentBytes - _gathered : 0;

    /// <inheritdoc />
    public long Progress => _link?.Progress ?? 0;

    /// <summary>How the hub is reached, from the next connection on.</summary>
    public LinkRoute Route { get; set; } = route;

    /// <summary>Whether each packet is logged by type and size, at level Debug; never its content.</summary>
    public bool IsTracing { get; set; }

    /// <summary>The present link, for tests.</summary>
    public PolledLink? Link => _link;

    /// <inheritdoc />
    public void Open(in ConnectRequest request)
    {
        Close(politely: false);
        _request = request;
        _pause.Reset();
        _link = new PolledLink(endpoint, Route, request.Certificate, clock);
    }

    /// <inheritdoc />
    public bool TryRead(out TransportEvent happened)
    {
        if (_link is null)
        {
            happened = default;
            return false;
        }

        if (!_received.IsEmpty && TryCut(out happened))
        {
            return true;
        }

        if (_link is { State: LinkState.Open, UnsentBytes: 0 } && _pause.Skips())
        {
            happened = default;
            return false;
        }

        _link.Poll();
        if (_link.State is LinkState.Open && !_connectSent)
        {
            SendConnect();
        }

        while (_link.State is LinkState.Open && TakeRead())
        {
            if (TryCut(out happened))
            {
                return true;
            }
        }

        if (_link.State is LinkState.Failed)
        {
            happened = TransportEvent.Lost(_link.IsClosedByPeer ? LossCause.Closed : LossCause.Network, _link.Failure);
            return true;
        }

        _pause.FoundNothing();
        happened = default;
        return false;
    }

    /// <inheritdoc />
    public void Publish(ReadOnlySpan<byte> packet)
    {
        Trace("sent", packet[0] >> 4, packet.Length);
        if ((packet[0] & QosBits) != 0)
        {
            _pause.Asked();
        }

        Gather(packet);
    }

    /// <inheritdoc />
    public void Subscribe(ushort packetId, IReadOnlyList<TopicFilter> filters)
    {
        var packet = new MqttSubscribePacket { PacketIdentifier = packetId };
        foreach (TopicFilter filter in filters)
        {
            packet.TopicFilters.Add(new MqttTopicFilter { Topic = filter.Filter, QualityOfServiceLevel = (MqttQualityOfServiceLevel)filter.QualityOfService });
        }

        Encode(packet);
    }

    /// <inheritdoc />
    public void Unsubscribe(ushort packetId, string filter)
    {
        var packet = new MqttUnsubscribePacket { PacketIdentifier = packetId };
        packet.TopicFilters.Add(filter);
        Encode(packet);
    }

    /// <inheritdoc />
    public void Acknowledge(ushort packetId) => Gather([PubAckType << 4, 2, (byte)(packetId >> 8), (byte)packetId]);

    /// <inheritdoc />
    public void Ping() => Encode(MqttPingReqPacket.Instance);

    /// <inheritdoc />
    public void Flush()
    {
        if (_gathered == 0 || _link is not { State: LinkState.Open } link)
        {
            return;
        }

        try
        {
            link.Bytes.Write(_gather.AsSpan(0, _gathered));
        }
        catch (Exception failed) when (Failures.IsOfLink(failed))
        {
            link.Fail(failed);
        }

        _gathered = 0;
    }

    /// <inheritdoc />
    public void Close(bool politely)
    {
        if (_link is null)
        {
            return;
        }

        if (politely && _connectSent)
        {
            Encode(new MqttDisconnectPacket());
            Flush();
        }

        _link.Dispose();
        _received.Clear();
        _link = null;
        _connectSent = false;
        _gathered = 0;
    }

    /// <inheritdoc />
    public void Dispose() => Close(politely: false);

    private void SendConnect()
    {
        _connectSent = true;
        Encode(new MqttConnectPacket
        {
            ClientId = _request.ClientId,
            Username = _request.UserName,
            Password = _request.Password is { } password ? Encoding.UTF8.GetBytes(password) : null,
            KeepAlivePeriod = _request.KeepAliveSeconds,
            CleanSession = _request.CleanSession,
        });
        Flush();
    }

    private void Gather(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_gathered == GatherBytes)
            {
                Flush();
            }

            int part = Math.Min(bytes.Length, GatherBytes - _gathered);
            bytes[..part].CopyTo(_gather.AsSpan(_gathered));
            _gathered += part;
            bytes = bytes[part..];
        }
    }

    private void Encode(MqttPacket packet)
    {
        MqttPacketBuffer encoded = _codec.Encode(packet);
        Trace("sent", encoded.Packet[0] >> 4, encoded.Length);
        Gather(encoded.Packet);
        foreach (ReadOnlyMemory<byte> part in encoded.Payload)
        {
            Gather(part.Span);
        }

        _codec.Cleanup();
    }

    /// <summary>Takes what has come. True when there is more than before.</summary>
    private bool TakeRead()
    {
        try
        {
            if (!_received.TryFill(_link!.Bytes, out int length))
            {
                return false;
            }

            if (length > 0)
            {
                return true;
            }

            _link.FailClosed();
        }
        catch (Exception failed) when (Failures.IsOfLink(failed))
        {
            _link!.Fail(failed);
        }

        return false;
    }

    private bool TryCut(out TransportEvent happened)
    {
        if (!_received.TryCut(out MqttFrame frame, out ArraySegment<byte> body, out bool malformed))
        {
            happened = malformed ? TransportEvent.Lost(LossCause.Protocol, "the peer sent a packet that is no MQTT or over 1 MiB") : default;
            return malformed;
        }

        Trace("received", frame.Type, frame.TotalLength);
        happened = ReceivedPacket.Decode(frame, body, _codec);
        if (happened.Kind is TransportEventKind.PublishAcknowledged)
        {
            _pause.Answered();
        }

        return true;
    }

    private void Trace(string direction, int type, int length)
    {
        if (IsTracing)
        {
            logger?.Packet(direction, type, length);
        }
    }
}
