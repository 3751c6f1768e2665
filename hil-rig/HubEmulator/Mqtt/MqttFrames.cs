using System.Buffers;

namespace HubEmulator.Mqtt;

/// <summary>Cuts MQTT 3.1.1 packets out of a byte stream (sections 2.2 and 3): type and reserved flags, remaining length, and nothing larger than agreed.</summary>
internal static class MqttFrames
{
    /// <summary>Takes the next packet, if it is complete.</summary>
    /// <param name="buffer">What has arrived; the packet is cut off its front.</param>
    /// <param name="mostBytes">The largest remaining length that is taken.</param>
    /// <param name="frame">The packet, valid until the buffer is released.</param>
    public static FrameOutcome TryRead(ref ReadOnlySequence<byte> buffer, int mostBytes, out MqttFrame frame)
    {
        frame = default;
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryRead(out byte header))
        {
            return FrameOutcome.Incomplete;
        }

        if (!IsHeaderFromClient(header))
        {
            return FrameOutcome.Malformed;
        }

        FrameOutcome outcome = ReadRemainingLength(ref reader, out int length);
        if (outcome == FrameOutcome.Complete && (length > mostBytes || !IsLengthPossible(header, length)))
        {
            return FrameOutcome.Malformed;
        }

        if (outcome != FrameOutcome.Complete || reader.Remaining < length)
        {
            return outcome == FrameOutcome.Malformed ? outcome : FrameOutcome.Incomplete;
        }

        frame = new MqttFrame(header, buffer.Slice(reader.Position, length));
        buffer = buffer.Slice(frame.Body.End);
        return FrameOutcome.Complete;
    }

    /// <summary>Packet types that a client may send, with their reserved flags (table 2.2). QoS 2 handshakes have no place in this service.</summary>
    private static bool IsHeaderFromClient(byte header) => (header >> 4) switch
    {
        MqttFrame.Connect or MqttFrame.PubAck or MqttFrame.PingReq or MqttFrame.Disconnect => (header & 0x0F) == 0,
        MqttFrame.Subscribe or MqttFrame.Unsubscribe => (header & 0x0F) == 2,
        MqttFrame.Publish => (header & 0x06) != 0x06, // QoS 3 is malformed
        _ => false,
    };

    private static bool IsLengthPossible(byte header, int length) => (header >> 4) switch
    {
        MqttFrame.PingReq or MqttFrame.Disconnect => length == 0,
        MqttFrame.PubAck => length == 2,
        MqttFrame.Subscribe or MqttFrame.Unsubscribe => length >= 5, // a packet identifier and one filter of at least one character
        MqttFrame.Publish => length >= 3,
        _ => length >= 10,
    };

    private static FrameOutcome ReadRemainingLength(ref SequenceReader<byte> reader, out int length)
    {
        length = 0;
        for (int shift = 0; shift < 28; shift += 7)
        {
            if (!reader.TryRead(out byte digit))
            {
                return FrameOutcome.Incomplete;
            }

            length |= (digit & 0x7F) << shift;
            if (digit < 0x80)
            {
                return FrameOutcome.Complete;
            }
        }

        return FrameOutcome.Malformed; // a fifth length byte
    }
}
