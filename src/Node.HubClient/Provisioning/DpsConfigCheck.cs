using System.Text.Json;
using Node.HubClient.Protocol;

namespace Node.HubClient.Provisioning;

/// <summary>Checks what a caller says about a registration, before anything is sent.</summary>
internal static class DpsConfigCheck
{
    private const int IdMaximumLength = 128;

    /// <summary>Throws for the first fault.</summary>
    /// <exception cref="FormatException">A part is malformed; the text names it, never its value where that is a secret.</exception>
    /// <exception cref="ArgumentException">No credential, or more than one; or a certificate without its private key.</exception>
    public static void Check(DpsConfig config)
    {
        DeviceConnectionString.CheckHostName(config.HostName);
        if (config.IdScope.Length is 0 or > IdMaximumLength || !config.IdScope.All(char.IsAsciiLetterOrDigit))
        {
            throw new FormatException("Provisioning: IdScope is letters and digits, such as 0ne00000000; copy it from the service's overview.");
        }

        CheckRegistrationId(config.RegistrationId);
        object?[] credentials = [config.SymmetricKey, config.GroupKey, config.Certificate, config.Authentication];
        if (credentials.Count(credential => credential is not null) != 1 || config.Certificate is { HasPrivateKey: false })
        {
            throw new ArgumentException("Exactly one of SymmetricKey, GroupKey, Certificate (with its private key) and Authentication must be given.", nameof(config));
        }

        CheckPayload(config.PayloadJson);
    }

    /// <summary>Decodes a key.</summary>
    /// <exception cref="FormatException">It is not base64.</exception>
    public static byte[] DecodeKey(string text, string name)
    {
        var key = new byte[text.Length];
        return Convert.TryFromBase64String(text, key, out int length) && length > 0
            ? key[..length]
            : throw new FormatException($"Provisioning: {name} is not base64. Copy the key whole, with its trailing equal signs.");
    }

    private static void CheckRegistrationId(string id)
    {
        if (id.Length is 0 or > IdMaximumLength
            || !id.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '.' or '_' or ':')
            || id[^1] is '.' or '_' or ':')
        {
            throw new FormatException("Provisioning: RegistrationId is 1 to 128 lower-case letters, digits, '-', '.', '_' or ':', ending in a letter, a digit or '-'.");
        }
    }

    private static void CheckPayload(string? json)
    {
        if (json is null)
        {
            return;
        }

        try
        {
            JsonDocument.Parse(json).Dispose();
        }
        catch (JsonException malformed)
        {
            throw new FormatException($"Provisioning: PayloadJson is no JSON (line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine}).");
        }
    }
}
