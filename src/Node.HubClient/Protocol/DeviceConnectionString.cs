namespace Node.HubClient.Protocol;

/// <summary>
/// A device connection string: <c>HostName=…;DeviceId=…;SharedAccessKey=…[;GatewayHostName=…]</c>. Keys are case-sensitive,
/// order is free, a value may hold equal signs. Parsed strictly: what the reference skips in silence is an error here.
/// </summary>
internal sealed class DeviceConnectionString
{
    private const int DeviceIdMaximumLength = 128;
    private const string DeviceIdPunctuation = "-.%_*?!(),:=@$'+#";
    private static readonly string[] KnownKeys =
        ["HostName", "DeviceId", "SharedAccessKey", "SharedAccessKeyName", "SharedAccessSignature", "GatewayHostName", "ModuleId", "x509", "UseProvisioning"];

    private DeviceConnectionString(string hostName, string deviceId, byte[] key, string? gatewayHostName)
    {
        HostName = hostName;
        DeviceId = deviceId;
        Key = key;
        GatewayHostName = gatewayHostName;
    }

    /// <summary>The hub's full name, which stands in the user name and in the token's scope.</summary>
    public string HostName { get; }

    /// <summary>1 to 128 characters.</summary>
    public string DeviceId { get; }

    /// <summary>The shared access key, base64 decoded.</summary>
    public byte[] Key { get; }

    /// <summary>The host to dial instead of <see cref="HostName"/>, where there is one.</summary>
    public string? GatewayHostName { get; }

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
        RefuseUnsupported(parts);
        return new DeviceConnectionString(host, device, DecodeKey(Required(parts, "SharedAccessKey")), parts.GetValueOrDefault("GatewayHostName"));
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

    private static void CheckHostName(string host)
    {
        if (Uri.CheckHostName(host) is UriHostNameType.Unknown)
        {
            throw new FormatException("Connection string: HostName is not a host name. Write it as the portal shows it, without a scheme and without a port.");
        }
    }

    private static void CheckDeviceId(string device)
    {
        if (device.Length > DeviceIdMaximumLength)
        {
            throw new FormatException($"Connection string: DeviceId has {device.Length} characters, {DeviceIdMaximumLength} are allowed.");
        }

        foreach (char letter in device)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && !DeviceIdPunctuation.Contains(letter, StringComparison.Ordinal))
            {
                throw new FormatException($"Connection string: DeviceId holds the character U+{(int)letter:X4}; allowed are letters, digits and {DeviceIdPunctuation}");
            }
        }
    }

    private static void RefuseUnsupported(Dictionary<string, string> parts)
    {
        if (parts.ContainsKey("SharedAccessKey") && parts.ContainsKey("SharedAccessSignature"))
        {
            throw new FormatException("Connection string: SharedAccessKey and SharedAccessSignature exclude each other.");
        }

        foreach (string key in (string[])["SharedAccessSignature", "ModuleId", "x509", "UseProvisioning"])
        {
            if (parts.ContainsKey(key))
            {
                throw new FormatException($"Connection string: {key} is not supported by this version; use a device's SharedAccessKey.");
            }
        }
    }

    private static byte[] DecodeKey(string text)
    {
        var key = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, key, out int length) || length == 0)
        {
            throw new FormatException("Connection string: SharedAccessKey is not base64. Copy the key whole, with its trailing equal signs.");
        }

        return key[..length];
    }
}
