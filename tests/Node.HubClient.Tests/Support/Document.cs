using System.Reflection;
using System.Text.RegularExpressions;

namespace Node.HubClient.Tests.Support;

/// <summary>The project's documents, as far as tests hold them to what they say.</summary>
internal static partial class Document
{
    /// <summary>The rows of a document's tables with so many columns, head and rule left out.</summary>
    public static string[][] Rows(string name, int columns) =>
        [.. File.ReadLines(Path.Combine(Root(), "docs", name))
            .Where(line => line.StartsWith('|'))
            .Select(line => line.Trim('|', ' ').Split(" | "))
            .Where(cells => cells.Length == columns && !cells[0].StartsWith("---", StringComparison.Ordinal))
            .Skip(1)];

    /// <summary>The tests that a cell names, as <c>Class.Method</c>.</summary>
    public static IEnumerable<string> Tests(string cell) => Quoted().Matches(cell).Select(match => match.Groups[1].Value);

    /// <summary>The test of this name; null when there is none.</summary>
    public static FactAttribute? Find(string test)
    {
        string[] parts = test.Split('.');
        Type? type = Array.Find(typeof(Document).Assembly.GetTypes(), type => type.Name == parts[0]);
        return type?.GetMethod(parts[1])?.GetCustomAttribute<FactAttribute>();
    }

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SensorNode.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("No folder above the tests holds SensorNode.sln.");
    }

    [GeneratedRegex("`([A-Za-z0-9]+\\.[A-Za-z0-9_]+)`")]
    private static partial Regex Quoted();
}
