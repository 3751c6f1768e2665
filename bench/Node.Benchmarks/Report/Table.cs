namespace Node.Benchmarks.Report;

/// <summary>A Markdown table, written row by row.</summary>
internal static class Table
{
    /// <summary>A heading with a sentence about how the figures came about, and the head of the table.</summary>
    public static void Begin(string title, string about, params ReadOnlySpan<string> columns)
    {
        Console.WriteLine($"\n## {title}\n\n{about}\n");
        Head(columns);
    }

    /// <summary>The head alone.</summary>
    public static void Head(params ReadOnlySpan<string> columns)
    {
        Row(columns);
        Console.WriteLine(string.Concat(Enumerable.Repeat("| --- ", columns.Length)) + "|");
    }

    /// <summary>A row.</summary>
    public static void Row(params ReadOnlySpan<string> cells) => Console.WriteLine($"| {string.Join(" | ", cells)} |");
}
