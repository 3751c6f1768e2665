using System.Buffers;
using System.Text;

namespace Node.HubClient.Protocol;

/// <summary>Percent-encoding of user names, signatures and received property bags; <see cref="Utf8Builder"/> has the rules.</summary>
internal static class PercentEncoding
{
    /// <summary>The encoded text.</summary>
    public static string Encode(ReadOnlySpan<char> text)
    {
        var target = new Utf8Builder(stackalloc byte[256]);
        target.AppendEncoded(text);
        string encoded = Encoding.ASCII.GetString(target.Written);
        target.Dispose();
        return encoded;
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
