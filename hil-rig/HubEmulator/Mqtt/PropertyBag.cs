using System.Globalization;
using System.Text;

namespace HubEmulator.Mqtt;

/// <summary>
/// Decodes <c>key=value&amp;key=value…</c>: percent escapes of UTF-8 bytes, a plus is a plus, a key alone has the value null,
/// a pair is cut at its first equals sign. Raw blanks, slashes and colons are taken, because the C SDK sends them.
/// </summary>
internal static class PropertyBag
{
    /// <summary>Reads a bag; of two equal keys the later one counts.</summary>
    /// <returns>False for a broken escape, bytes that are not UTF-8, or a pair without a key.</returns>
    public static bool TryDecode(ReadOnlySpan<char> text, out Dictionary<string, string?> properties)
    {
        properties = new Dictionary<string, string?>(StringComparer.Ordinal);
        var pairs = new List<KeyValuePair<string, string?>>();
        bool isRead = TryDecode(text, pairs);
        foreach ((string key, string? value) in pairs)
        {
            properties[key] = value;
        }

        return isRead;
    }

    /// <summary>Reads a bag's pairs as they stand, repeated keys included.</summary>
    /// <returns>False for a broken escape, bytes that are not UTF-8, or a pair without a key.</returns>
    public static bool TryDecode(ReadOnlySpan<char> text, List<KeyValuePair<string, string?>> pairs)
    {
        foreach (Range part in text.Split('&'))
        {
            ReadOnlySpan<char> pair = text[part];
            if (pair.IsEmpty)
            {
                continue;
            }

            int equals = pair.IndexOf('=');
            string? value = null;
            if (!TryUnescape(equals < 0 ? pair : pair[..equals], out string key) || key.Length == 0
                || (equals >= 0 && !TryUnescape(pair[(equals + 1)..], out value)))
            {
                return false;
            }

            pairs.Add(KeyValuePair.Create(key, value));
        }

        return true;
    }

    /// <summary>Replaces percent escapes once.</summary>
    public static bool TryUnescape(ReadOnlySpan<char> text, out string decoded)
    {
        if (!text.Contains('%'))
        {
            decoded = text.ToString();
            return true;
        }

        const int MostOnStack = 512;
        int most = Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> bytes = most <= MostOnStack ? stackalloc byte[most] : new byte[most];
        int length = 0;
        decoded = "";
        while (!text.IsEmpty)
        {
            if (text[0] != '%')
            {
                int run = text.IndexOf('%') is var next && next < 0 ? text.Length : next;
                length += Encoding.UTF8.GetBytes(text[..run], bytes[length..]);
                text = text[run..];
                continue;
            }

            if (text.Length < 3 || !byte.TryParse(text[1..3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[length]))
            {
                return false;
            }

            length++;
            text = text[3..];
        }

        return TryReadUtf8(bytes[..length], out decoded);
    }

    private static bool TryReadUtf8(ReadOnlySpan<byte> bytes, out string text)
    {
        bool valid = System.Text.Unicode.Utf8.IsValid(bytes);
        text = valid ? Encoding.UTF8.GetString(bytes) : "";
        return valid;
    }
}
