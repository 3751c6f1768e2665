namespace HubEmulator.State;

/// <summary>The folder that holds the certificate authority, <c>hub.json</c> and the state. Files appear whole or not at all; secrets are readable by their owner only.</summary>
internal sealed class DataFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Readable = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly bool _isTemporary;

    private DataFolder(string path, bool isTemporary)
    {
        Path = path;
        _isTemporary = isTemporary;
    }

    public string Path { get; }

    /// <summary>True for a folder that goes at dispose, so that nothing in it is worth keeping.</summary>
    public bool IsTemporary => _isTemporary;

    /// <summary>Opens or makes the folder; without a path a temporary one that goes at dispose.</summary>
    /// <exception cref="LocalHubException">It can be neither found nor made.</exception>
    public static DataFolder Open(string? path)
    {
        try
        {
            return path is null
                ? new DataFolder(Directory.CreateTempSubdirectory("local-hub-").FullName, isTemporary: true)
                : new DataFolder(Directory.CreateDirectory(path).FullName, isTemporary: false);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Unusable(path ?? "the temporary folder", refused);
        }
    }

    public static LocalHubException Unusable(string place, Exception refused) => new(
        LocalHubFault.DataFolderUnusable,
        $"{place}: {refused.Message} Choose a data folder that can be written, or put the file right.",
        refused);

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <returns>The content, or null when there is no such file.</returns>
    /// <exception cref="LocalHubException">The file cannot be read.</exception>
    public string? TryReadText(string name)
    {
        try
        {
            return File.Exists(PathOf(name)) ? File.ReadAllText(PathOf(name)) : null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Unusable(PathOf(name), refused);
        }
    }

    /// <summary>Replaces a file as a whole: a reader, or the next start after a power cut, sees the old content or the new.</summary>
    /// <exception cref="LocalHubException">It cannot be written.</exception>
    public void Write(string name, ReadOnlySpan<byte> content, bool secret)
    {
        string path = PathOf(name);
        string beside = path + ".new";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                File.Delete(beside); // the mode counts only for a file that is made
                options.UnixCreateMode = secret ? OwnerOnly : Readable;
            }

            using (var file = new FileStream(beside, options))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, refused);
        }
    }

    /// <summary>Makes an empty file that only its owner may read, where there is none.</summary>
    /// <exception cref="LocalHubException">It cannot be made.</exception>
    public void MakeSecret(string name)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }

            using var file = new FileStream(PathOf(name), options);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Unusable(PathOf(name), refused);
        }
    }

    /// <summary>Gives a file another name, in place of what had it.</summary>
    /// <exception cref="LocalHubException">It cannot be renamed.</exception>
    public void Rename(string name, string newName)
    {
        try
        {
            File.Move(PathOf(name), PathOf(newName), overwrite: true);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Unusable(PathOf(name), refused);
        }
    }

    public void Dispose()
    {
        if (_isTemporary && Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
