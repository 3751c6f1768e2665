namespace Node.HubClient.Tests.Samples;

public sealed class ReadmeSampleTests
{
    [Fact]
    public void The_program_in_the_readme_is_the_one_that_compiles()
    {
        string readme = File.ReadAllText(Path.Combine(Root(), "README.md"));
        int block = readme.IndexOf("```csharp\n", StringComparison.Ordinal) + "```csharp\n".Length;
        string shown = readme[block..readme.IndexOf("```", block, StringComparison.Ordinal)];

        Assert.Equal(Lines(CompiledSample()), Lines(shown));
    }

    private static string CompiledSample()
    {
        string source = File.ReadAllText(Path.Combine(Root(), "tests", "Node.HubClient.Tests", "Samples", "ReadmeSample.cs"));
        int begin = source.IndexOf("// begin", StringComparison.Ordinal) + "// begin".Length;
        return source[begin..source.IndexOf("// end", StringComparison.Ordinal)];
    }

    private static string[] Lines(string text) => [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "SensorNode.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        return folder;
    }
}
