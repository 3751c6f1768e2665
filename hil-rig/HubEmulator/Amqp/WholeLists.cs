using System.Buffers;
using System.Buffers.Binary;

namespace HubEmulator.Amqp;

/// <summary>
/// Writes frames with every field of their performative, as the service does. The library leaves out nulls at the end, which the protocol allows (AMQP 1.0
/// part 1, section 1.4), but the Python SDK of Event Hubs counts fields, and takes the payload of a transfer for the twelfth. Tags of deliveries get the 16
/// bytes that they have at the service, where they are GUIDs: the C# SDK of the hub reads them as one.
/// </summary>
internal static class WholeLists
{
    /// <summary>The bytes by which a transfer may grow; the library is told of a frame size that is smaller by them.</summary>
    public const int MostGrowth = 32;

    private const byte Null = 0x40;
    private const byte EmptyList = 0x45;
    private const byte List8 = 0xC0;
    private const byte List32 = 0xD0;
    private const byte Transfer = 0x14;
    private const int TagField = 2;
    private const byte ShortBinary = 0xA0;
    private const int TagBytes = 16;
    private const int DescriptorBytes = 3; // 0x00 0x53 {code}

    private static readonly Dictionary<byte, int> FieldsOf = new()
    {
        [0x10] = 10, // open
        [0x11] = 8, // begin
        [0x12] = 14, // attach
        [0x13] = 11, // flow
        [0x14] = 11, // transfer
        [0x15] = 6, // disposition
        [0x16] = 3, // detach
        [0x17] = 1, // end
        [0x18] = 1, // close
        [0x1D] = 3, // error
        [0x25] = 1, // rejected
        [0x27] = 3, // modified
        [0x28] = 11, // source
        [0x29] = 7, // target
    };

    /// <summary>Writes a frame, with its payload behind it.</summary>
    /// <param name="frame">Whole, its size field included; what is no frame with a performative goes out as it is.</param>
    /// <param name="output">Gets it.</param>
    public static void Write(ReadOnlySpan<byte> frame, IBufferWriter<byte> output)
    {
        ReadOnlySpan<byte> body = frame.Length > TransferFrame.HeaderBytes ? frame[TransferFrame.HeaderBytes..] : [];
        int performative = body.IsEmpty ? 0 : AmqpEncoding.Measure(body);
        if (performative <= 0)
        {
            output.Write(frame);
            return;
        }

        byte[] whole = Complete(body[..performative]);
        Span<byte> size = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(size, frame.Length - performative + whole.Length);
        output.Write(size);
        output.Write(frame[sizeof(int)..TransferFrame.HeaderBytes]);
        output.Write(whole);
        output.Write(body[performative..]);
    }

    /// <summary>A value with all fields, those of the described lists directly in it included; any other value as it is.</summary>
    public static byte[] Complete(ReadOnlySpan<byte> value)
    {
        if (value.Length <= DescriptorBytes || value[0] != 0x00 || value[1] != 0x53 || !FieldsOf.TryGetValue(value[2], out int fields)
            || !TryOpen(value[DescriptorBytes..], out ReadOnlySpan<byte> items, out int count))
        {
            return value.ToArray();
        }

        var content = new ArrayBufferWriter<byte>(items.Length + fields);
        for (int index = 0; index < count; index++)
        {
            int length = AmqpEncoding.Measure(items);
            content.Write(value[2] == Transfer && index == TagField ? Lengthen(items[..length]) : Complete(items[..length]));
            items = items[length..];
        }

        for (int missing = fields - count; missing > 0; missing--)
        {
            content.Write([Null]);
        }

        return [.. value[..DescriptorBytes], .. ListHeader(content.WrittenCount, Math.Max(count, fields)), .. content.WrittenSpan];
    }

    /// <summary>A tag, which is unique before and stays so, with zeros at its end.</summary>
    private static byte[] Lengthen(ReadOnlySpan<byte> tag) => tag[0] == ShortBinary && tag[1] < TagBytes
        ? [ShortBinary, TagBytes, .. tag[2..], .. new byte[TagBytes - tag[1]]]
        : tag.ToArray();

    private static bool TryOpen(ReadOnlySpan<byte> list, out ReadOnlySpan<byte> items, out int count)
    {
        (int header, count) = list[0] switch
        {
            EmptyList => (1, 0),
            List8 => (3, list[2]),
            List32 => (9, BinaryPrimitives.ReadInt32BigEndian(list[5..])),
            _ => (0, 0),
        };
        items = list[header..];
        return header > 0;
    }

    private static byte[] ListHeader(int contentBytes, int count)
    {
        if (contentBytes + 1 <= byte.MaxValue)
        {
            return [List8, (byte)(contentBytes + 1), (byte)count];
        }

        byte[] header = new byte[9];
        header[0] = List32;
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(1), contentBytes + sizeof(int));
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(5), count);
        return header;
    }
}
