namespace Node.HubClient.Tests.Samples;

public sealed class ReadmeSampleTests
{
    [Fact]
    public void The_programs_in_the_readme_are_the_ones_that_compile()
    {
        string readme = File.ReadAllText(Path.Combine(Root(), "README.md"));
        string source = File.ReadAllText(Path.Combine(Root(), "tests", "Node.HubClient.Tests", "Samples", "ReadmeSample.cs"));

        string[][] shown = [.. Between(readme, "```csharp\n", "```").Where(program => !program.Any(line => line.Contains("DeviceClient.Create", StringComparison.Ordinal)))]; // The official SDK's, which is no package of this project.
        string[][] compiled = Between(source, "// begin", "// end");

        Assert.NotEmpty(shown);
        Assert.Equal(compiled, shown);
    }

    /// <summary>The lines of each part between the two marks, in order, without indentation and empty lines.</summary>
    private static string[][] Between(string text, string begin, string end) => [.. text
        .Split(begin)[1..]
        .Select(part => part[..part.IndexOf(end, StringComparison.Ordinal)])
        .Select(part => part.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0).ToArray())];

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
