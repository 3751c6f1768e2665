namespace Node.Host.Configuration;

/// <summary>
/// Settings that systemd hands over as files (<c>LoadCredential=</c>, <c>SetCredentialEncrypted=</c>): a credential named
/// <c>Node__Hub__ConnectionString</c> in the folder <c>$CREDENTIALS_DIRECTORY</c> gives <c>Node:Hub:ConnectionString</c> its text.
/// </summary>
internal static class SystemdCredentials
{
    public const string Variable = "CREDENTIALS_DIRECTORY";

    private const string Prefix = "Node__";
    private const int LongestFileBytes = 64 * 1024;

    /// <summary>Reads every credential of the node in <paramref name="folder"/>; adds a fault for each that cannot be read. Null is no folder.</summary>
    public static Dictionary<string, string?> Read(string? folder, ICollection<string> faults)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (folder is null || !Directory.Exists(folder))
        {
            return values;
        }

        foreach (string file in Directory.EnumerateFiles(folder, Prefix + "*").Order(StringComparer.Ordinal))
        {
            string key = Path.GetFileName(file).Replace("__", ":", StringComparison.Ordinal);
            try
            {
                values[key] = new FileInfo(file).Length <= LongestFileBytes ? File.ReadAllText(file).Trim() : throw new IOException($"longer than {LongestFileBytes} bytes");
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                faults.Add($"{key}: the credential '{file}' cannot be read ({unreadable.Message}); give the unit LoadCredential={Path.GetFileName(file)}:PATH again");
            }
        }

        return values;
    }
}
