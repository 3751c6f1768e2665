using System.Buffers.Binary;

namespace HubEmulator.Amqp;

/// <summary>
/// Measures values in the AMQP type encoding (AMQP 1.0 part 1, section 1.2) without making objects of them. What arrives is measured before the
/// library decodes it, because its decoder follows any nesting on the stack and believes any count.
/// </summary>
internal static class AmqpEncoding
{
    private const int MostDepth = 16;
    private const int MostEmptyElements = 1024;
    private const byte Described = 0x00;

    /// <returns>The bytes of the value at the beginning, constructor included; -1 when it is malformed, cut off or nested too deeply.</returns>
    public static int Measure(ReadOnlySpan<byte> bytes) => Measure(bytes, MostDepth);

    /// <returns>True when the bytes are one described value after the other and nothing else, which is what a message is.</returns>
    public static bool IsMessage(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int length = bytes[0] == Described ? Measure(bytes) : -1;
            if (length < 0)
            {
                return false;
            }

            bytes = bytes[length..];
        }

        return true;
    }

    private static int Measure(ReadOnlySpan<byte> bytes, int depth)
    {
        if (bytes.IsEmpty || depth == 0)
        {
            return -1;
        }

        if (bytes[0] != Described)
        {
            int plain = MeasureContent(bytes[0], bytes[1..], depth);
            return plain < 0 ? -1 : 1 + plain;
        }

        int descriptor = Measure(bytes[1..], depth - 1);
        int value = descriptor < 0 ? -1 : Measure(bytes[(1 + descriptor)..], depth - 1);
        return value < 0 ? -1 : 1 + descriptor + value;
    }

    /// <summary>The high half of a constructor tells the width of what follows.</summary>
    private static int MeasureContent(byte constructor, ReadOnlySpan<byte> bytes, int depth)
    {
        int width = (constructor >> 4) switch
        {
            0x4 => 0,
            0x5 => 1,
            0x6 => 2,
            0x7 => 4,
            0x8 => 8,
            0x9 => 16,
            0xA or 0xC or 0xE => Sized(bytes, 1),
            0xB or 0xD or 0xF => Sized(bytes, 4),
            _ => -1,
        };
        if (width < 0 || width > bytes.Length)
        {
            return -1;
        }

        bool isSound = (constructor >> 4) switch
        {
            0xC => IsCompound(bytes[1..width], 1, depth),
            0xD => IsCompound(bytes[4..width], 4, depth),
            0xE => IsArray(bytes[1..width], 1, depth),
            0xF => IsArray(bytes[4..width], 4, depth),
            _ => true,
        };
        return isSound ? width : -1;
    }

    /// <summary>A size field and as many bytes as it says.</summary>
    private static int Sized(ReadOnlySpan<byte> bytes, int field) =>
        TryReadNumber(bytes, field, out int size) && size <= bytes.Length - field ? field + size : -1;

    private static bool IsCompound(ReadOnlySpan<byte> bytes, int field, int depth)
    {
        if (!TryReadNumber(bytes, field, out int count))
        {
            return false;
        }

        bytes = bytes[field..];
        for (int item = 0; item < count; item++)
        {
            int length = Measure(bytes, depth - 1);
            if (length < 0)
            {
                return false;
            }

            bytes = bytes[length..];
        }

        return bytes.IsEmpty;
    }

    /// <summary>Arrays of described values exist, but no performative and no message of this hub's clients has one.</summary>
    private static bool IsArray(ReadOnlySpan<byte> bytes, int field, int depth)
    {
        if (!TryReadNumber(bytes, field, out int count) || bytes.Length == field || bytes[field] == Described || depth <= 1)
        {
            return false;
        }

        byte constructor = bytes[field];
        bytes = bytes[(field + 1)..];
        if (constructor >> 4 == 0x4)
        {
            return bytes.IsEmpty && count <= MostEmptyElements;
        }

        for (int element = 0; element < count; element++)
        {
            int length = MeasureContent(constructor, bytes, depth - 1);
            if (length < 0)
            {
                return false;
            }

            bytes = bytes[length..];
        }

        return bytes.IsEmpty;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> bytes, int field, out int number)
    {
        number = -1;
        if (bytes.Length >= field)
        {
            number = field == 1 ? bytes[0] : BinaryPrimitives.ReadInt32BigEndian(bytes);
        }

        return number >= 0;
    }
}
