namespace Node.Host.Configuration;

/// <summary>Which settings must never be shown.</summary>
internal static class Secrets
{
    private static readonly string[] Marks = ["ConnectionString", "Key", "Token", "Password", "Secret"];
    private static readonly string[] Contents = ["SharedAccessKey=", "SharedAccessSignature", "PRIVATE KEY-----", "&sig="];

    /// <summary>Whether the last part of a path names a secret. The path of a file that holds one is none.</summary>
    public static bool IsSecret(string path)
    {
        string last = path[(path.LastIndexOf(':') + 1)..];
        return Marks.Any(mark => last.EndsWith(mark, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether a value is a secret by its look, wherever it was put: under a misspelt name, for example.</summary>
    public static bool LooksSecret(string value) => Contents.Any(content => value.Contains(content, StringComparison.OrdinalIgnoreCase));
}
