using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Hub.Benchmarks;

/// <summary>Tokens of the owner's policy, from the service connection string.</summary>
internal sealed class Tokens(HubAddress hub, TimeProvider clock)
{
    private readonly Dictionary<string, string> _parts = hub.ServiceConnectionString.Split(';').Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[1], StringComparer.Ordinal);

    public string HostName => _parts["HostName"];

    /// <summary>A token for everything, for an hour.</summary>
    public string Sign()
    {
        string expiry = (clock.GetUtcNow().ToUnixTimeSeconds() + 3600).ToString(CultureInfo.InvariantCulture);
        byte[] signature = HMACSHA256.HashData(Convert.FromBase64String(_parts["SharedAccessKey"]), Encoding.UTF8.GetBytes($"{HostName}\n{expiry}"));
        return $"SharedAccessSignature sr={HostName}&sig={Uri.EscapeDataString(Convert.ToBase64String(signature))}&se={expiry}&skn={_parts["SharedAccessKeyName"]}";
    }
}
