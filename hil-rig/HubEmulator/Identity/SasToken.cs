using System.Globalization;

namespace HubEmulator.Identity;

/// <summary>
/// A shared access signature as it was received: <c>SharedAccessSignature sr={resource}&amp;sig={signature}&amp;se={expiry}[&amp;skn={policy}]</c>,
/// members in any order. The signature covers resource and expiry as they stand in the text, so both are kept undecoded.
/// </summary>
internal sealed record SasToken(string ResourceText, string ExpiryText, byte[] Signature, string? PolicyName, DateTimeOffset Expires)
{
    private const string Scheme = "SharedAccessSignature ";
    private const string SchemeEnd = "://";
    private const int LongestText = 4096;

    /// <summary>The text under the signature: resource, line feed, expiry; no line feed at the end.</summary>
    public string StringToSign => $"{ResourceText}\n{ExpiryText}";

    public static bool TryParse(string? text, out SasToken token)
    {
        token = null!;
        if (text is null || text.Length > LongestText || !text.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return false;
        }

        Dictionary<string, string> members = Split(text[Scheme.Length..]);
        if (!members.TryGetValue("sr", out string? resource) || !members.TryGetValue("sig", out string? signatureText)
            || !members.TryGetValue("se", out string? expiry))
        {
            return false;
        }

        byte[]? signature = DecodeSignature(signatureText);
        if (signature is null || !TryReadExpiry(expiry, out DateTimeOffset expires))
        {
            return false;
        }

        string? policy = members.GetValueOrDefault("skn"); // an empty one means none: the C SDK writes it
        token = new SasToken(resource, expiry, signature, string.IsNullOrEmpty(policy) ? null : Uri.UnescapeDataString(policy), expires);
        return true;
    }

    /// <summary>True when the token's resource is the given one or one above it, by whole segments: <c>{host}</c>, <c>{host}/devices</c>, ….</summary>
    /// <param name="hosts">The names of this hub; the first segment must be one of them.</param>
    /// <param name="path">The accessed resource below the host, undecoded and without a leading slash, such as <c>devices/dev-01</c>.</param>
    public bool Covers(HubHosts hosts, string path) => Covers(hosts, Uri.UnescapeDataString(ResourceText), path, StringComparison.Ordinal);

    /// <summary>The same for the names of AMQP, which may have a scheme before the host, a slash at the end and any case: <c>sb://{host}/{hub}/$management</c>.</summary>
    public bool CoversNode(HubHosts hosts, string path)
    {
        string decoded = Uri.UnescapeDataString(ResourceText);
        int scheme = decoded.IndexOf(SchemeEnd, StringComparison.Ordinal);
        return Covers(hosts, decoded[(scheme < 0 ? 0 : scheme + SchemeEnd.Length)..].TrimEnd('/'), path, StringComparison.OrdinalIgnoreCase);
    }

    private static bool Covers(HubHosts hosts, string decoded, string path, StringComparison comparison)
    {
        int slash = decoded.IndexOf('/', StringComparison.Ordinal);
        if (!hosts.Contains(slash < 0 ? decoded : decoded.AsSpan(0, slash)))
        {
            return false;
        }

        string scope = slash < 0 ? "" : decoded[(slash + 1)..];
        return scope.Length == 0 || path.Equals(scope, comparison)
            || (path.Length > scope.Length && path.StartsWith(scope, comparison) && path[scope.Length] == '/');
    }

    private static Dictionary<string, string> Split(string members)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string member in members.Split('&'))
        {
            int equals = member.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                found[member[..equals]] = member[(equals + 1)..];
            }
        }

        return found;
    }

    /// <summary>Decodes percent escapes once; a raw plus stays a plus.</summary>
    private static byte[]? DecodeSignature(string text)
    {
        string decoded = Uri.UnescapeDataString(text);
        byte[] bytes = new byte[decoded.Length];
        return Convert.TryFromBase64String(decoded, bytes, out int written) ? bytes[..written] : null;
    }

    private static bool TryReadExpiry(string text, out DateTimeOffset expires)
    {
        const long LastSecond = 253_402_300_799; // the end of the year 9999
        expires = default;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) || seconds > LastSecond)
        {
            return false;
        }

        expires = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return true;
    }
}
