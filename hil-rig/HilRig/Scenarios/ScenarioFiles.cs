namespace HilRig.Scenarios;

/// <summary>Turns the files and folders of a command line into scenario files.</summary>
internal static class ScenarioFiles
{
    private const int MostFiles = 1000;

    /// <summary>A folder means the <c>.yaml</c> and <c>.yml</c> files directly in it, in the order of their names.</summary>
    /// <exception cref="RigException">A path does not exist, a folder holds no scenario, or there are too many.</exception>
    public static IReadOnlyList<string> Find(IEnumerable<string> paths)
    {
        string[] files = [.. paths.SelectMany(Expand).Distinct(StringComparer.Ordinal).Take(MostFiles + 1)];
        return files.Length <= MostFiles
            ? files
            : throw new RigException(RigFault.UnusableInput, $"more than {MostFiles} scenario files; run them in several goes");
    }

    private static IEnumerable<string> Expand(string path)
    {
        if (File.Exists(path))
        {
            return [path];
        }
        if (!Directory.Exists(path))
        {
            throw new RigException(RigFault.UnusableInput, $"{path}: no such scenario file or folder");
        }
        string[] files = [.. Directory.EnumerateFiles(path).Where(IsScenario).Order(StringComparer.Ordinal)];
        return files.Length > 0 ? files : throw new RigException(RigFault.UnusableInput, $"{path}: no .yaml file in this folder");
    }

    private static bool IsScenario(string file) => Path.GetExtension(file) is ".yaml" or ".yml";
}
