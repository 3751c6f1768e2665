using Microsoft.Extensions.Configuration;

namespace Node.Host.Configuration;

/// <summary>
/// Settings whose value lies in a file: <c>Node__Hub__ConnectionString__File=/run/secrets/hub</c> gives
/// <c>Node:Hub:ConnectionString</c> the text of that file, so that no secret stands in an environment or a process list.
/// </summary>
internal static class SecretFiles
{
    public const string Suffix = ":File";

    private const int LongestFileBytes = 64 * 1024;

    /// <summary>Reads every such file named in <paramref name="configuration"/>; adds a fault for each that cannot be read.</summary>
    public static Dictionary<string, string?> Read(IConfiguration configuration, ICollection<string> faults)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach ((string key, string? file) in configuration.GetSection("Node").AsEnumerable())
        {
            if (!string.IsNullOrWhiteSpace(file) && key.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase)
                && TryRead(key, file, faults, out string value))
            {
                values[key[..^Suffix.Length]] = value;
            }
        }

        return values;
    }

    private static bool TryRead(string key, string file, ICollection<string> faults, out string value)
    {
        value = "";
        try
        {
            if (new FileInfo(file).Length > LongestFileBytes)
            {
                faults.Add($"{key}: '{file}' is longer than {LongestFileBytes} bytes; name a file that holds the value alone");
                return false;
            }

            value = File.ReadAllText(file).Trim();
            return true;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            faults.Add($"{key}: '{file}' cannot be read ({unreadable.Message}); name a file that this user may read");
            return false;
        }
    }
}
