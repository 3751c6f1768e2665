using System.Text;

namespace Node.Sensors.Tests;

/// <summary>The repository's documents, for tests that hold them to the code.</summary>
internal static class Documents
{
    public static string Read(string name) => File.ReadAllText(Path.Combine(Root(), "docs", name));

    /// <summary>The first fenced block of a language.</summary>
    public static byte[] FirstBlock(string document, string language)
    {
        string mark = $"```{language}\n";
        string rest = document[(document.IndexOf(mark, StringComparison.Ordinal) + mark.Length)..];
        return Encoding.UTF8.GetBytes(rest[..rest.IndexOf("```", StringComparison.Ordinal)]);
    }

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SensorNode.sln"))) { folder = folder.Parent; }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }
}
