namespace Node.HubClient.Protocol;

/// <summary>
/// A device connection string: <c>HostName=…;DeviceId=…;</c> and one of <c>SharedAccessKey=…</c>, <c>SharedAccessSignature=…</c> and
/// <c>x509=true</c>, perhaps <c>ModuleId=…</c> and <c>GatewayHostName=…</c>. Keys are case-sensitive, order is free, a value may hold equal signs. Parsed
/// strictly: what the reference skips in silence is an error here.
/// </summary>
internal sealed class DeviceConnectionString
{
    private const int IdMaximumLength = 128;
    private const string IdPunctuation = "-.%_*?!(),:=@$'+#";
    private static readonly string[] KnownKeys =
        ["HostName", "DeviceId", "SharedAccessKey", "SharedAccessKeyName", "SharedAccessSignature", "GatewayHostName", "ModuleId", "x509", "UseProvisioning"];

    private DeviceConnectionString()
    {
    }

    /// <summary>Who connects to which hub.</summary>
    public required HubIdentity Identity { get; init; }

    /// <summary>The shared access key, base64 decoded; null for another kind of credential.</summary>
    public byte[]? Key { get; private init; }

    /// <summary>A ready token; null for another kind of credential.</summary>
    public string? Token { get; private init; }

    /// <summary>The host to dial instead of the hub, where there is one; perhaps with a port.</summary>
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
        string? module = parts.GetValueOrDefault("ModuleId");
        if (module is not null)
        {
            CheckModuleId(module);
        }

        RefuseContradictions(parts);
        if (parts.TryGetValue("SharedAccessSignature", out string? token))
        {
            CheckToken(token);
        }

        return new DeviceConnectionString
        {
            Identity = new HubIdentity(host, device, module),
            Key = parts.TryGetValue("SharedAccessKey", out string? key) ? DecodeKey(key) : null,
            Token = token,
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
    public static void CheckDeviceId(string device) => CheckId(device, "DeviceId");

    /// <summary>Checks a module id.</summary>
    /// <exception cref="FormatException">It is too long, or holds a character that the service does not allow.</exception>
    public static void CheckModuleId(string module) => CheckId(module, "ModuleId");

    /// <summary>Checks a ready token: it stands in a header, so it must be one line.</summary>
    /// <exception cref="FormatException">It holds a control character.</exception>
    public static void CheckToken(string token)
    {
        if (token.Any(char.IsControl))
        {
            throw new FormatException("Connection string: SharedAccessSignature holds a line break or another control character.");
        }
    }

    /// <summary>Names the device and the hub; holds no secret.</summary>
    public override string ToString() => Identity.ToString();

    private static void CheckId(string id, string name)
    {
        if (id.Length is 0 or > IdMaximumLength)
        {
            throw new FormatException($"Connection string: {name} has {id.Length} characters, 1 to {IdMaximumLength} are allowed.");
        }

        foreach (char letter in id)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && !IdPunctuation.Contains(letter, StringComparison.Ordinal))
            {
                throw new FormatException($"Connection string: {name} holds the character U+{(int)letter:X4}; allowed are letters, digits and {IdPunctuation}");
            }
        }
    }

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

        if (parts.ContainsKey("UseProvisioning"))
        {
            throw new FormatException("Connection string: UseProvisioning is not taken here; for a key in a security module use CreateFromDeviceAuth, for provisioning DpsClient.");
        }
    }
}
