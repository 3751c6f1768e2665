namespace HilRig.Service;

/// <summary>Remembers for this user which hub was started last, so that <c>hilrig twin</c> finds it without being told.</summary>
internal sealed class LastHub(string folder)
{
    /// <summary>Names another folder for the note; the tests use it.</summary>
    public const string Variable = "HILRIG_STATE";

    private readonly string _note = Path.Combine(folder, "last-hub");

    /// <summary>In the user's local application data, or a folder of the user's in the temporary one when there is no home.</summary>
    public static LastHub OfThisUser()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        string folder = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named
            ? named
            : Path.Combine(home.Length > 0 ? home : Path.Combine(Path.GetTempPath(), Environment.UserName), "hilrig");
        return new LastHub(folder);
    }

    /// <summary>Answers false where the note cannot be written; then commands need <c>--hub</c>.</summary>
    public bool TryRemember(string hubFile)
    {
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(_note, Path.GetFullPath(hubFile));
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Forgets the hub, unless another one was started meanwhile.</summary>
    public void Forget(string hubFile)
    {
        if (Find() == Path.GetFullPath(hubFile))
        {
            File.Delete(_note);
        }
    }

    /// <summary>The hub file remembered; null when there is none.</summary>
    public string? Find()
    {
        try
        {
            return File.Exists(_note) ? File.ReadAllText(_note).Trim() : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
