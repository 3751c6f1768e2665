namespace Node.Host.Tests.TestKit;

/// <summary>Files of the source tree that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>A file by its path from the root.</summary>
    public static string Find(string path)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, path)))
            {
                return Path.Combine(folder.FullName, path);
            }
        }

        throw new FileNotFoundException($"The source tree has no {path}.");
    }
}
