namespace Architecture.Tests;

/// <summary>A folder earns its place by a purpose, kept in <c>docs/architecture.md</c>.</summary>
public sealed class FolderTests
{
    private static readonly string[] BuildOutput = ["bin", "obj", "TestResults"];
    private static readonly string[] Roots = ["src", "hil-rig"];

    [Fact]
    public void Every_folder_of_src_and_hil_rig_is_named_in_the_architecture()
    {
        string path = Repository.PathOf("docs", "architecture.md");
        Assert.True(File.Exists(path), "docs/architecture.md is missing");
        string text = File.ReadAllText(path);

        IEnumerable<string> unnamed = Roots
            .SelectMany(root => Folders(Repository.PathOf(root)))
            .Where(folder => !text.Contains(Path.GetFileName(folder) + "/", StringComparison.Ordinal) && !text.Contains($"`{Path.GetFileName(folder)}`", StringComparison.Ordinal))
            .Select(folder => Path.GetRelativePath(Repository.Root, folder));

        Assert.Empty(unnamed);
    }

    private static IEnumerable<string> Folders(string root) => Directory.EnumerateDirectories(root)
        .Where(folder => !BuildOutput.Contains(Path.GetFileName(folder)))
        .SelectMany(folder => Folders(folder).Prepend(folder));
}
