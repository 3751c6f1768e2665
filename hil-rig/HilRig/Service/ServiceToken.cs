using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace HilRig.Service;

/// <summary>Signs the shared access signature of a service policy: <c>SharedAccessSignature sr={host}&amp;sig={…}&amp;se={…}&amp;skn={policy}</c>.</summary>
internal sealed class ServiceToken
{
    private readonly byte[] _key;

    private ServiceToken(string hostName, string policy, byte[] key)
    {
        HostName = hostName;
        Policy = policy;
        _key = key;
    }

    public string HostName { get; }

    public string Policy { get; }

    /// <summary>Reads <c>HostName=…;SharedAccessKeyName=…;SharedAccessKey=…</c>, in any order.</summary>
    /// <exception cref="RigException">A part is missing or the key is not base64; the text never repeats the key.</exception>
    public static ServiceToken FromConnectionString(string connectionString)
    {
        Dictionary<string, string> parts = connectionString
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.Last()[1], StringComparer.OrdinalIgnoreCase);
        try
        {
            return new ServiceToken(Part(parts, "HostName"), Part(parts, "SharedAccessKeyName"), Convert.FromBase64String(Part(parts, "SharedAccessKey")));
        }
        catch (FormatException fault)
        {
            throw new RigException(RigFault.UnusableInput, "the service connection string's SharedAccessKey is not base64; copy it again from hub.json", fault);
        }
    }

    /// <summary>The header's whole value, good until <paramref name="expiry"/>.</summary>
    public string Sign(DateTimeOffset expiry)
    {
        string end = expiry.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signature = HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{HostName}\n{end}"));
        return $"SharedAccessSignature sr={HostName}&sig={Uri.EscapeDataString(Convert.ToBase64String(signature))}&se={end}&skn={Policy}";
    }

    private static string Part(Dictionary<string, string> parts, string name) =>
        parts.TryGetValue(name, out string? value) && value.Length > 0
            ? value
            : throw new RigException(RigFault.UnusableInput, $"the service connection string has no {name}; its form is HostName=…;SharedAccessKeyName=…;SharedAccessKey=…");
}
