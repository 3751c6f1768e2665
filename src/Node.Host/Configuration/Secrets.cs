namespace Node.Host.Configuration;

/// <summary>Which settings must never be shown.</summary>
internal static class Secrets
{
    private static readonly string[] Marks = ["ConnectionString", "Key", "Token", "Password", "Secret"];

    /// <summary>Whether the last part of a path names a secret. The path of a file that holds one is none.</summary>
    public static bool IsSecret(string path)
    {
        string last = path[(path.LastIndexOf(':') + 1)..];
        return Marks.Any(mark => last.EndsWith(mark, StringComparison.OrdinalIgnoreCase));
    }
}
