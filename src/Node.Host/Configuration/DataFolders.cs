namespace Node.Host.Configuration;

/// <summary>Where what must survive a restart lies: the spool, the last good desired properties, the address of the running node.</summary>
internal static class DataFolders
{
    private const string Persistent = "/data"; // balena's persistent volume

    /// <summary><c>/data</c> where it exists and can be written to, else <c>data</c> beside the program.</summary>
    public static string Default(string contentRoot) =>
        Directory.Exists(Persistent) && TryUse(Persistent, out _) ? Persistent : Path.Combine(contentRoot, "data");

    /// <summary>Makes the folder and proves that a file can be written in it; else says what is in the way and what helps.</summary>
    public static bool TryUse(string folder, out string reason)
    {
        string probe = Path.Combine(folder, $".probe-{Environment.ProcessId}");
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            reason = "";
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            reason = $"'{folder}' cannot be written to ({refused.Message}); name a folder that this user may write to";
            return false;
        }
    }
}
