using System.Buffers;
using System.Text;

namespace Node.HubClient.Protocol;

/// <summary>
/// Percent-encoding of property bags, user names and signatures: RFC 3986 over UTF-8, with the reference's choice of hex
/// digits (lower case) and of characters left bare (<c>A-Z a-z 0-9 ! ( ) * - . _</c>).
/// </summary>
internal static class PercentEncoding
{
    private static readonly SearchValues<char> Bare = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!()*-._");

    /// <summary>Appends <paramref name="text"/>, encoded. A lone surrogate becomes the replacement character.</summary>
    public static void Append(StringBuilder target, ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            int clean = text.IndexOfAnyExcept(Bare);
            if (clean < 0)
            {
                target.Append(text);
                return;
            }

            target.Append(text[..clean]);
            text = text[clean..];
            Rune.DecodeFromUtf16(text, out Rune rune, out int consumed);
            AppendRune(target, rune);
            text = text[consumed..];
        }
    }

    /// <summary>The encoded text.</summary>
    public static string Encode(ReadOnlySpan<char> text)
    {
        var target = new StringBuilder(text.Length + 16);
        Append(target, text);
        return target.ToString();
    }

    /// <summary>
    /// Decodes <c>%XX</c> of either case as UTF-8. A plus sign stays one; an incomplete escape stays as it is, so that
    /// no input is lost.
    /// </summary>
    public static string Decode(ReadOnlySpan<byte> text)
    {
        if (!text.Contains((byte)'%'))
        {
            return Encoding.UTF8.GetString(text);
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(text.Length);
        int length = 0;
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] == '%' && at + 2 < text.Length && TryHex(text[at + 1], out int high) && TryHex(text[at + 2], out int low))
            {
                rented[length++] = (byte)((high << 4) | low);
                at += 2;
            }
            else
            {
                rented[length++] = text[at];
            }
        }

        string decoded = Encoding.UTF8.GetString(rented.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(rented);
        return decoded;
    }

    private static void AppendRune(StringBuilder target, Rune rune)
    {
        Span<byte> utf8 = stackalloc byte[4];
        int length = rune.EncodeToUtf8(utf8);
        foreach (byte value in utf8[..length])
        {
            target.Append('%').Append(HexDigit(value >> 4)).Append(HexDigit(value & 0xF));
        }
    }

    private static char HexDigit(int value) => (char)(value < 10 ? '0' + value : 'a' + value - 10);

    private static bool TryHex(byte digit, out int value)
    {
        value = digit switch
        {
            >= (byte)'0' and <= (byte)'9' => digit - '0',
            >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
            >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
            _ => -1,
        };
        return value >= 0;
    }
}
