namespace Node.Sensors.Emulation;

/// <summary>
/// How Sensirion's chips write a word: high byte, low byte, checksum. The checksum is the remainder of dividing the word, as a polynomial
/// over one bit, by x⁸+x⁵+x⁴+1, when its upper byte was inverted before. Source: SHT3x-DIS datasheet, section 4.12.
/// </summary>
internal static class SensirionWord
{
    /// <summary>Bytes of a word on the wire.</summary>
    public const int Length = 3;

    private const int Divisor = 0b1_0011_0001;

    public static byte Checksum(int word)
    {
        int rest = (word ^ 0xFF00) << 8;
        for (int degree = 23; degree >= 8; degree--)
        {
            if (((rest >> degree) & 1) != 0) { rest ^= Divisor << (degree - 8); }
        }

        return (byte)rest;
    }

    public static byte[] Encode(params ReadOnlySpan<int> words)
    {
        byte[] bytes = new byte[words.Length * Length];
        for (int i = 0; i < words.Length; i++)
        {
            bytes[Length * i] = (byte)(words[i] >> 8);
            bytes[(Length * i) + 1] = (byte)words[i];
            bytes[(Length * i) + 2] = Checksum(words[i]);
        }

        return bytes;
    }

    /// <returns><see langword="false"/> when a checksum does not match.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out int[] words)
    {
        words = new int[bytes.Length / Length];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = (bytes[Length * i] << 8) | bytes[(Length * i) + 1];
            if (Checksum(words[i]) != bytes[(Length * i) + 2]) { return false; }
        }

        return true;
    }
}
