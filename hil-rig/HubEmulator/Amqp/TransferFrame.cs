using System.Buffers.Binary;

namespace HubEmulator.Amqp;

/// <summary>
/// What a frame (AMQP 1.0 part 2, section 2.3) says of the message that it carries a part of. Only a <c>transfer</c> has a payload behind its performative.
/// </summary>
/// <param name="Link">Channel and handle, as their sender counts them.</param>
/// <param name="More">True when more of the same message follows.</param>
/// <param name="PayloadBytes">How much of the message is in this frame.</param>
internal readonly record struct TransferFrame(ulong Link, bool More, int PayloadBytes)
{
    public const int HeaderBytes = 8;
    private const int HandleField = 0;
    private const int MoreField = 5;

    /// <summary>Reads a whole frame, its size field included.</summary>
    /// <param name="frame">The bytes.</param>
    /// <param name="transfer">What it carries; without a payload when it is another performative, or a heartbeat.</param>
    /// <returns>False when it is no frame of AMQP, or its performative is malformed.</returns>
    public static bool TryRead(ReadOnlySpan<byte> frame, out TransferFrame transfer)
    {
        const byte NoExtendedHeader = 2;
        const byte Amqp = 0;
        transfer = default;
        if (frame.Length < HeaderBytes || frame[4] != NoExtendedHeader || frame[5] != Amqp)
        {
            return false;
        }

        ReadOnlySpan<byte> body = frame[HeaderBytes..];
        int performative = body.IsEmpty ? 0 : AmqpEncoding.Measure(body);
        if (performative < 0 || (performative > 0 && body[0] != 0))
        {
            return false;
        }

        if (performative == body.Length)
        {
            return true;
        }

        if (!TryReadFields(body[..performative], out uint handle, out bool more))
        {
            return false;
        }

        ulong channel = BinaryPrimitives.ReadUInt16BigEndian(frame[6..]);
        transfer = new TransferFrame((channel << 32) | handle, more, body.Length - performative);
        return true;
    }

    private static bool TryReadFields(ReadOnlySpan<byte> performative, out uint handle, out bool more)
    {
        const byte List8 = 0xC0;
        const byte List32 = 0xD0;
        handle = 0;
        more = false;
        ReadOnlySpan<byte> list = performative[(1 + AmqpEncoding.Measure(performative[1..]))..];
        if (list[0] is not (List8 or List32))
        {
            return false;
        }

        int field = list[0] == List8 ? 1 : 4;
        uint count = field == 1 ? list[2] : BinaryPrimitives.ReadUInt32BigEndian(list[5..]);
        ReadOnlySpan<byte> item = list[(1 + field + field)..];
        for (int index = 0; index < count && index <= MoreField; index++)
        {
            int length = AmqpEncoding.Measure(item);
            if (index == HandleField && !TryReadHandle(item[..length], out handle))
            {
                return false;
            }

            more = index == MoreField && (item[0] == 0x41 || (item[0] == 0x56 && item[1] != 0));
            item = item[length..];
        }

        return true;
    }

    /// <summary>An <c>uint</c> in each of its three forms.</summary>
    private static bool TryReadHandle(ReadOnlySpan<byte> value, out uint handle)
    {
        handle = value[0] switch
        {
            0x43 => 0,
            0x52 => value[1],
            0x70 => BinaryPrimitives.ReadUInt32BigEndian(value[1..]),
            _ => uint.MaxValue,
        };
        return value[0] is 0x43 or 0x52 or 0x70;
    }
}
