using System.Buffers;
using System.Runtime.InteropServices;
using MQTTnet.Adapter;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Formatter.V3;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace HubEmulator.Mqtt;

/// <summary>
/// Packet bodies through MQTTnet's formatter for level 4, and beyond it what the standard demands of a server and the formatter lets pass.
/// One instance serves one connection: decoding belongs to its reader, encoding to its writer.
/// </summary>
internal sealed class MqttCodec
{
    private const int InitialBytes = 256;
    private const int LargestRetainedBytes = 4096;

    private readonly MqttV3PacketFormatter _decoder = new(new MqttBufferWriter(1, 1), MqttProtocolVersion.V311);
    private readonly MqttV3PacketFormatter _encoder;
    private readonly MqttBufferWriter _encoded = new(InitialBytes, LargestRetainedBytes);

    public MqttCodec() => _encoder = new MqttV3PacketFormatter(_encoded, MqttProtocolVersion.V311);

    /// <summary>Decodes a packet; nothing in the result refers to the frame's memory.</summary>
    /// <returns>False when the bytes break the standard.</returns>
    public bool TryDecode(in MqttFrame frame, out MqttPacket packet)
    {
        int length = (int)frame.Body.Length;
        byte[]? rented = null;
        if (!frame.Body.IsSingleSegment || !MemoryMarshal.TryGetArray(frame.Body.First, out ArraySegment<byte> body))
        {
            rented = ArrayPool<byte>.Shared.Rent(length);
            frame.Body.CopyTo(rented);
            body = new ArraySegment<byte>(rented, 0, length);
        }

        try
        {
            packet = _decoder.Decode(new ReceivedMqttPacket(frame.Header, body, length + 2));
            return IsSound(packet);
        }
        catch (MqttProtocolViolationException)
        {
            packet = MqttPingReqPacket.Instance;
            return false;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    /// <summary>Appends a packet to the output.</summary>
    /// <returns>Its length in bytes.</returns>
    public int Encode(MqttPacket packet, IBufferWriter<byte> output)
    {
        MqttPacketBuffer encoded = _encoder.Encode(packet);
        output.Write(encoded.Packet.AsSpan());
        foreach (ReadOnlyMemory<byte> part in encoded.Payload)
        {
            output.Write(part.Span);
        }

        int length = encoded.Length;
        _encoded.Cleanup();
        return length;
    }

    private static bool IsSound(MqttPacket packet) => packet switch
    {
        MqttConnectPacket connect => IsText(connect.ClientId) && IsText(connect.Username ?? "") && IsText(connect.WillTopic ?? "")
            && (connect.Password is null || connect.Username is not null) // 3.1.2.9
            && connect.WillQoS <= MqttQualityOfServiceLevel.ExactlyOnce,
        MqttPublishPacket publish => publish.Topic.Length > 0
            && IsText(publish.Topic)
            && (MayHoldWildcards(publish.Topic) || publish.Topic.AsSpan().IndexOfAny('#', '+') < 0)
            && (publish.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce || publish.PacketIdentifier != 0),
        MqttSubscribePacket subscribe => subscribe.PacketIdentifier != 0
            && subscribe.TopicFilters.Count > 0
            && subscribe.TopicFilters.TrueForAll(filter => filter.Topic.Length > 0 && IsText(filter.Topic) && filter.QualityOfServiceLevel <= MqttQualityOfServiceLevel.ExactlyOnce),
        MqttUnsubscribePacket unsubscribe => unsubscribe.PacketIdentifier != 0
            && unsubscribe.TopicFilters.Count > 0
            && unsubscribe.TopicFilters.TrueForAll(filter => filter.Length > 0 && IsText(filter)),
        _ => true,
    };

    /// <summary>Device ids and unescaped property bags may bring the two characters into a topic name.</summary>
    private static bool MayHoldWildcards(string topic) => topic.StartsWith("devices/", StringComparison.Ordinal);

    /// <summary>Section 1.5.3: no null character, and bytes that are UTF-8; the formatter puts U+FFFD in the place of others.</summary>
    private static bool IsText(string text) => text.AsSpan().IndexOfAny('\0', '\uFFFD') < 0;
}
