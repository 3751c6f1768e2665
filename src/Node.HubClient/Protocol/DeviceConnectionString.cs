namespace Node.HubClient.Protocol;

/// <summary>
/// A device connection string: <c>HostName=…;DeviceId=…;</c> and one of <c>SharedAccessKey=…</c>, <c>SharedAccessSignature=…</c> and
/// <c>x509=true</c>, perhaps <c>GatewayHostName=…</c>. Keys are case-sensitive, order is free, a value may hold equal signs. Parsed
/// strictly: what the reference skips in silence is an error here.
/// </summary>
internal sealed class DeviceConnectionString
{
    private const int DeviceIdMaximumLength = 128;
    private const string DeviceIdPunctuation = "-.%_*?!(),:=@$'+#";
    private static readonly string[] KnownKeys =
        ["HostName", "DeviceId", "SharedAccessKey", "SharedAccessKeyName", "SharedAccessSignature", "GatewayHostName", "ModuleId", "x509", "UseProvisioning"];

    private DeviceConnectionString()
    {
    }

    /// <summary>The hub's full name, which stands in the user name and in the token's scope.</summary>
    public required string HostName { get; init; }

    /// <summary>1 to 128 characters.</summary>
    public required string DeviceId { get; init; }

    /// <summary>The shared access key, base64 decoded; null for another kind of credential.</summary>
    public byte[]? Key { get; private init; }

    /// <summary>A ready token; null for another kind of credential.</summary>
    public string? Token { get; private init; }

    /// <summary>The host to dial instead of <see cref="HostName"/>, where there is one.</summary>
    public string? GatewayHostName { get; private init; }

    /// <summary>Parses the text.</summary>
    /// <exception cref="FormatException">What is wrong, by the name of the part; never its value.</exception>
    public static DeviceConnectionString Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Dictionary<string, string> parts = Split(text);
        string host = Required(parts, "HostName");
        CheckHostName(host);
        string device = Required(parts, "DeviceId");
        CheckDeviceId(device);
        RefuseContradictions(parts);
        return new DeviceConnectionString
        {
            HostName = host,
            DeviceId = device,
            Key = parts.TryGetValue("SharedAccessKey", out string? key) ? DecodeKey(key) : null,
            Token = parts.GetValueOrDefault("SharedAccessSignature"),
            GatewayHostName = parts.GetValueOrDefault("GatewayHostName"),
        };
    }

    /// <summary>Decodes a key.</summary>
    /// <exception cref="FormatException">It is not base64.</exception>
    public static byte[] DecodeKey(string text)
    {
        var key = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, key, out int length) || length == 0)
        {
            throw new FormatException("Connection string: SharedAccessKey is not base64. Copy the key whole, with its trailing equal signs.");
        }

        return key[..length];
    }

    /// <summary>Checks a host name.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static void CheckHostName(string host)
    {
        if (Uri.CheckHostName(host) is UriHostNameType.Unknown)
        {
            throw new FormatException("Connection string: HostName is not a host name. Write it as the portal shows it, without a scheme and without a port.");
        }
    }

    /// <summary>Checks a device id.</summary>
    /// <exception cref="FormatException">It is too long, or holds a character that the service does not allow.</exception>
    public static void CheckDeviceId(string device)
    {
        if (device.Length is 0 or > DeviceIdMaximumLength)
        {
            throw new FormatException($"Connection string: DeviceId has {device.Length} characters, 1 to {DeviceIdMaximumLength} are allowed.");
        }

        foreach (char letter in device)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && !DeviceIdPunctuation.Contains(letter, StringComparison.Ordinal))
            {
                throw new FormatException($"Connection string: DeviceId holds the character U+{(int)letter:X4}; allowed are letters, digits and {DeviceIdPunctuation}");
            }
        }
    }

    /// <summary>Names the device and the hub; holds no secret.</summary>
    public override string ToString() => $"{DeviceId} at {HostName}";

    private static Dictionary<string, string> Split(string text)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string part in text.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            int mark = part.IndexOf('=', StringComparison.Ordinal);
            string key = mark > 0 ? part[..mark] : throw new FormatException("Connection string: each part must read Name=Value, parts divided by semicolons.");
            if (!KnownKeys.Contains(key, StringComparer.Ordinal))
            {
                continue; // The reference ignores unknown keys, and services add new ones.
            }

            if (mark + 1 == part.Length)
            {
                throw new FormatException($"Connection string: {key} has no value.");
            }

            if (!parts.TryAdd(key, part[(mark + 1)..]))
            {
                throw new FormatException($"Connection string: {key} stands there twice.");
            }
        }

        return parts;
    }

    private static string Required(Dictionary<string, string> parts, string key) =>
        parts.TryGetValue(key, out string? value) ? value : throw new FormatException($"Connection string: {key} is missing.");

    private static void RefuseContradictions(Dictionary<string, string> parts)
    {
        string[] credentials = [.. ((string[])["SharedAccessKey", "SharedAccessSignature", "x509"]).Where(parts.ContainsKey)];
        if (credentials.Length > 1)
        {
            throw new FormatException($"Connection string: {credentials[0]} and {credentials[1]} exclude each other.");
        }

        if (parts.TryGetValue("x509", out string? x509) && !x509.Equals("true", StringComparison.OrdinalIgnoreCase))
        {
            throw new FormatException("Connection string: x509 takes the value true only.");
        }

        if (credentials.Length == 0 && !parts.ContainsKey("UseProvisioning"))
        {
            throw new FormatException("Connection string: SharedAccessKey is missing, and so are SharedAccessSignature and x509=true.");
        }

        foreach (string key in (string[])["ModuleId", "UseProvisioning"])
        {
            if (parts.ContainsKey(key))
            {
                throw new FormatException($"Connection string: {key} is not supported by this version; connect as a device, for a security module use CreateFromDeviceAuth.");
            }
        }
    }
}
