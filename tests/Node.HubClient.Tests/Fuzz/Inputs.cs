using System.Text;
using CsCheck;

namespace Node.HubClient.Tests.Fuzz;

/// <summary>Generated input: any bytes, vectors with damage, fragments of the grammar in any order, any text.</summary>
internal static class Inputs
{
    private static readonly string[] Fragments =
    [
        "$iothub/twin/res/", "$iothub/twin/PATCH/properties/desired/", "$iothub/methods/POST/", "devices/dev1/messages/devicebound/", "/?", "$rid=", "$version=", "204",
        "&", "=", ";", "%", "%2", "%24", "%24.mid", "%c3", "%ff", "+", "/", "?", "#", "-1", "2147483648", "9223372036854775807", "9223372036854775808", "99999999999999999999",
        "SharedAccessSignature ", "se=", "sig=", "HostName=", "DeviceId=", "SharedAccessKey=", "x509=true", "AAAA", "contoso.azure-devices.net", "é", "🌡", "\0",
        "$dps/registrations/res/", "retry-after=", "HTTP/1.1 200 OK\r\n", "Content-Length: ", "Transfer-Encoding: chunked\r\n", "\r\n", "\r\n\r\n", "5\r\nhello\r\n", "0\r\n\r\n",
        "\"hostName\":\"h\"", "\"blobName\":\"a/../b?#\"", "\"sasToken\":\"?x\"", "\"correlationId\":\"\"", "\"containerName\":\"..\"", "\"operationId\":\"a#b\"", "\"status\":\"assigned\"",
        "{", "}", "[", "]", ":", ",", "\"desired\"", "\"$version\"", "\"reported\"", "null", "1", "1e400", "\"", "\\", "\\u0024version", "\"d\\u0065sired\"", "//", " ",
    ];

    /// <summary>Characters of any kind, surrogates without a partner included.</summary>
    public static readonly Gen<string> AnyText = Gen.Frequency(
        (3, Gen.Char.Array[0, 40].Select(letters => new string(letters))),
        (2, Gen.Char[' ', '~'].Array[0, 40].Select(letters => new string(letters))),
        (1, Gen.OneOf(Fragments).Array[0, 6].Select(string.Concat)));

    /// <summary>Text that UTF-8 can carry.</summary>
    public static readonly Gen<string> Text = AnyText.Select(Wellformed);

    /// <summary>Bytes that a parser may meet.</summary>
    public static readonly Gen<byte[]> Bytes = Gen.Frequency(
        (1, Gen.Byte.Array[0, 60]),
        (3, Gen.OneOf(Fragments).Array[0, 12].Select(fragments => Encoding.UTF8.GetBytes(string.Concat(fragments)))),
        (4, Gen.Select(Gen.OneOf<byte[]>([.. Vectors.Bytes]), Gen.Select(Gen.Int[0, 3], Gen.Int[0, 400], Gen.Byte).Array[1, 5]).Select(Damage)));

    /// <summary>The text with each surrogate that has no partner replaced, as UTF-8 carries it.</summary>
    public static string Wellformed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>Bytes for people.</summary>
    public static string Print(byte[] bytes) => $"{Convert.ToHexString(bytes)} ({Encoding.UTF8.GetString(bytes)})";

    private static byte[] Damage(byte[] vector, (int Kind, int At, byte Value)[] steps)
    {
        var bytes = new List<byte>(vector);
        foreach ((int kind, int position, byte value) in steps)
        {
            int at = position % (bytes.Count + 1);
            switch (kind)
            {
                case 0:
                    bytes.Insert(at, value);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(value % 8, bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, [.. bytes.Skip(at).Take(value % 16)]);
                    break;
                default:
                    bytes[Math.Min(at, bytes.Count - 1)] = value;
                    break;
            }

            if (bytes.Count == 0)
            {
                break;
            }
        }

        return [.. bytes];
    }
}
