using System.Text.RegularExpressions;

namespace Architecture.Tests;

/// <summary>A folder earns its place by a one-sentence purpose, kept in the table of <c>docs/architecture.md</c>.</summary>
public sealed partial class FolderTests
{
    private static readonly string[] Roots = ["src", "hil-rig"];
    private static readonly string[] BuildOutput = ["bin", "obj", "TestResults"];

    // A row of the table stands for all of these: each chip's folder, and a page's files.
    private static readonly string[] Leaves = ["src/Node.Sensors/Drivers", "src/Node.Host/Dashboard", "hil-rig/HubEmulator/Pages"];

    private static string[] Named => [.. Row().Matches(File.ReadAllText(Repository.PathOf("docs", "architecture.md"))).Select(row => row.Groups["path"].Value)];

    [Fact]
    public void Every_folder_has_its_row_in_the_architecture() => Assert.Empty(Folders().Except(Named));

    [Fact]
    public void Every_row_of_the_architecture_is_a_folder() => Assert.All(Named, path => Assert.True(Directory.Exists(Repository.PathOf(path)), path));

    private static IEnumerable<string> Folders() => Roots
        .SelectMany(root => Below(Repository.PathOf(root)))
        .Select(folder => Path.GetRelativePath(Repository.Root, folder).Replace('\\', '/'));

    private static IEnumerable<string> Below(string root) => Directory.EnumerateDirectories(root)
        .Where(folder => !BuildOutput.Contains(Path.GetFileName(folder)))
        .SelectMany(folder => IsLeaf(folder) ? [folder] : Below(folder).Prepend(folder));

    private static bool IsLeaf(string folder) => Leaves.Contains(Path.GetRelativePath(Repository.Root, folder).Replace('\\', '/'));

    [GeneratedRegex(@"(?m)^\| `(?<path>(src|hil-rig)/[^`]+?)/?` \|", RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}
