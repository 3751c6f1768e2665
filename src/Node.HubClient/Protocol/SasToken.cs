using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Node.HubClient.Protocol;

/// <summary>
/// Builds shared access signatures:
/// <c>SharedAccessSignature sr={scope}&amp;sig={signature}&amp;se={expiry}</c>, where the signature is the percent-encoded
/// base64 of HMAC-SHA256 over <c>{scope} LF {expiry}</c>. Source: "Control access to IoT Hub with shared access signatures".
/// </summary>
internal static class SasToken
{
    /// <summary>The scope of a device: <c>{host}/devices/{id}</c>; the id is escaped where its characters ask for it.</summary>
    public static string DeviceScope(string hostName, string deviceId) => $"{hostName}/devices/{Uri.EscapeDataString(deviceId)}";

    /// <summary>A token for <paramref name="scope"/>, valid until <paramref name="expiry"/> (whole seconds).</summary>
    public static string Create(string scope, ReadOnlySpan<byte> key, DateTimeOffset expiry)
    {
        string seconds = expiry.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signature = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{scope}\n{seconds}"));
        return $"SharedAccessSignature sr={scope}&sig={PercentEncoding.Encode(Convert.ToBase64String(signature))}&se={seconds}";
    }
}
