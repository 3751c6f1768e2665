using System.Globalization;
using System.Text;

namespace Node.HubClient.Protocol;

/// <summary>
/// Builds shared access signatures:
/// <c>SharedAccessSignature sr={scope}&amp;sig={signature}&amp;se={expiry}</c>, where the signature is the percent-encoded
/// base64 of HMAC-SHA256 over <c>{scope} LF {expiry}</c>. Source: "Control access to IoT Hub with shared access signatures".
/// </summary>
internal static class SasToken
{
    private const string Scheme = "SharedAccessSignature ";

    /// <summary>The scope of a device: <c>{host}/devices/{id}</c>; the id is escaped where its characters ask for it.</summary>
    public static string DeviceScope(string hostName, string deviceId) => $"{hostName}/devices/{Uri.EscapeDataString(deviceId)}";

    /// <summary>
    /// A token for <paramref name="scope"/>, valid until <paramref name="expiry"/> (whole seconds), signed by HMAC-SHA256; with <c>skn</c> where the
    /// key has a name.
    /// </summary>
    public static string Create(string scope, Func<byte[], byte[]> sign, DateTimeOffset expiry, string? keyName = null)
    {
        string seconds = expiry.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signature = sign(Encoding.UTF8.GetBytes($"{scope}\n{seconds}"));
        return $"{Scheme}sr={scope}&sig={PercentEncoding.Encode(Convert.ToBase64String(signature))}&se={seconds}{(keyName is null ? "" : $"&skn={keyName}")}";
    }

    /// <summary>Reads <c>se</c> of a token; false when the text is no token with an expiry.</summary>
    public static bool TryReadExpiry(string token, out DateTimeOffset expiry)
    {
        expiry = default;
        if (!token.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return false;
        }

        foreach (string part in token[Scheme.Length..].Split('&'))
        {
            if (part.StartsWith("se=", StringComparison.Ordinal)
                && long.TryParse(part[3..], NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
                && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds())
            {
                expiry = DateTimeOffset.FromUnixTimeSeconds(seconds);
                return true;
            }
        }

        return false;
    }
}
