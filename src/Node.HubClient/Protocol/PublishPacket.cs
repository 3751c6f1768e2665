using System.Buffers.Binary;
using System.Text;

namespace Node.HubClient.Protocol;

/// <summary>
/// PUBLISH packets, written once and sent as they stand (MQTT 3.1.1 section 3.3). Only the packet id and the DUP bit of a
/// QoS 1 packet are put in later.
/// </summary>
internal static class PublishPacket
{
    /// <summary>Bit 3 of the first byte: this is a repetition.</summary>
    public const byte DuplicateFlag = 0x08;

    private const byte QosZero = 0x30;
    private const byte QosOne = 0x32;
    private const int TopicMaximumBytes = 65_535;

    /// <summary>Encodes a QoS 1 packet with packet id 0; null when the topic is over 65,535 bytes.</summary>
    /// <param name="topic">Topic.</param>
    /// <param name="payload">Payload.</param>
    /// <param name="packetIdOffset">Where the two bytes of the packet id belong.</param>
    public static byte[]? EncodeQosOne(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, out int packetIdOffset)
    {
        byte[]? packet = Encode(QosOne, topic, payload, packetIdLength: 2, out int variableHeader);
        packetIdOffset = variableHeader;
        return packet;
    }

    /// <summary>Encodes a QoS 0 packet; null when the topic is over 65,535 bytes.</summary>
    public static byte[]? EncodeQosZero(string topic, ReadOnlySpan<byte> payload) => Encode(QosZero, Encoding.UTF8.GetBytes(topic), payload, packetIdLength: 0, out _);

    /// <summary>Puts packet id and DUP bit into an encoded QoS 1 packet.</summary>
    public static void Stamp(Span<byte> packet, int packetIdOffset, ushort packetId, bool duplicate)
    {
        BinaryPrimitives.WriteUInt16BigEndian(packet[packetIdOffset..], packetId);
        packet[0] = duplicate ? (byte)(QosOne | DuplicateFlag) : QosOne;
    }

    private static byte[]? Encode(byte first, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, int packetIdLength, out int afterTopic)
    {
        afterTopic = 0;
        if (topic.Length > TopicMaximumBytes)
        {
            return null;
        }

        int remaining = 2 + topic.Length + packetIdLength + payload.Length;
        int lengthBytes = remaining < 1 << 7 ? 1 : remaining < 1 << 14 ? 2 : remaining < 1 << 21 ? 3 : 4;
        byte[] packet = GC.AllocateUninitializedArray<byte>(1 + lengthBytes + remaining);
        packet[0] = first;
        int at = 1;
        for (int rest = remaining; at <= lengthBytes; rest >>= 7)
        {
            packet[at++] = (byte)(rest > 0x7F ? (rest & 0x7F) | 0x80 : rest);
        }

        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(at), (ushort)topic.Length);
        at += 2;
        topic.CopyTo(packet.AsSpan(at));
        afterTopic = at + topic.Length;
        payload.CopyTo(packet.AsSpan(afterTopic + packetIdLength));
        return packet;
    }
}
