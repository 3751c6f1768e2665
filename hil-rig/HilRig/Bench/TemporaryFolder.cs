namespace HilRig.Bench;

/// <summary>A folder of its own that only this user can read, deleted when disposed.</summary>
internal sealed class TemporaryFolder(string prefix) : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory(prefix).FullName;

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // A file that is still held stays behind in the system's temporary folder, which cleans itself.
        }
    }
}
