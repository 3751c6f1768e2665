using System.Buffers.Binary;
using MQTTnet.Adapter;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Node.HubClient.Connection;

namespace Node.HubClient.Transport;

/// <summary>Reads a packet of the peer: PUBLISH and PUBACK, the hot path, byte by byte, and everything else with MQTTnet's codec. What no server may send ends the connection.</summary>
internal static class ReceivedPacket
{
    private const int PublishType = 3;
    private const int PubAckType = 4;

    /// <summary>What the packet says; views of <paramref name="body"/>.</summary>
    public static TransportEvent Decode(MqttFrame frame, ArraySegment<byte> body, MqttPacketFormatterAdapter codec) => frame.Type switch
    {
        PubAckType when body.Count >= 2 => new TransportEvent { Kind = TransportEventKind.PublishAcknowledged, PacketId = BinaryPrimitives.ReadUInt16BigEndian(body) },
        PublishType => DecodePublish(frame.FixedHeader, body),
        _ => DecodeOther(frame, body, codec),
    };

    private static TransportEvent DecodePublish(byte fixedHeader, ReadOnlySpan<byte> body)
    {
        int quality = (fixedHeader >> 1) & 3;
        int idLength = quality > 0 ? 2 : 0;
        int topicLength = body.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(body) : int.MaxValue;
        if (quality > 1 || topicLength > body.Length - 2 - idLength)
        {
            return Malformed("the peer sent a malformed PUBLISH");
        }

        return new TransportEvent
        {
            Kind = TransportEventKind.Published,
            QualityOfService = (byte)quality,
            Topic = body.Slice(2, topicLength),
            PacketId = quality > 0 ? BinaryPrimitives.ReadUInt16BigEndian(body[(2 + topicLength)..]) : (ushort)0,
            Payload = body[(2 + topicLength + idLength)..],
        };
    }

    private static TransportEvent DecodeOther(MqttFrame frame, ArraySegment<byte> body, MqttPacketFormatterAdapter codec)
    {
        try
        {
            return codec.Decode(new ReceivedMqttPacket(frame.FixedHeader, body, frame.TotalLength)) switch
            {
                MqttConnAckPacket { ReturnCode: MqttConnectReturnCode.ConnectionAccepted } => new TransportEvent { Kind = TransportEventKind.Accepted },
                MqttConnAckPacket refused => new TransportEvent { Kind = TransportEventKind.Refused, Code = (int)refused.ReturnCode },
                MqttSubAckPacket granted => new TransportEvent
                {
                    Kind = TransportEventKind.Subscribed,
                    PacketId = granted.PacketIdentifier,
                    Payload = granted.ReasonCodes.Select(code => (byte)code).ToArray(),
                },
                MqttPingRespPacket => new TransportEvent { Kind = TransportEventKind.Pong },
                MqttUnsubAckPacket => new TransportEvent { Kind = TransportEventKind.Unsubscribed },
                { } other => Malformed($"the peer sent a {other.GetType().Name}, which no server sends to this client"),
                null => Malformed("the peer sent an empty packet"),
            };
        }
        catch (Exception malformed) when (malformed is MqttProtocolViolationException or ArgumentException or IndexOutOfRangeException or InvalidOperationException)
        {
            return Malformed($"the peer sent a malformed packet of type {frame.Type}");
        }
    }

    private static TransportEvent Malformed(string detail) => TransportEvent.Lost(LossCause.Protocol, detail);
}
