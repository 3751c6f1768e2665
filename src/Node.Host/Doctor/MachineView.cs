using Node.Host.Machine;

namespace Node.Host.Doctor;

/// <summary>The machine as the doctor sees it: its files under a root, its environment, its clock. Tests give another root.</summary>
internal sealed record MachineView
{
    private const int LongestFile = 1 << 20;

    /// <summary>Folder that stands for <c>/</c>.</summary>
    public string Root { get; init; } = "/";

    /// <summary>An environment variable; null when it is not set.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>The kernel's clock state: 5 for a clock that nobody keeps, negative for an errno.</summary>
    public Func<int> ClockState { get; init; } = LinuxCalls.ClockState;

    /// <summary>Free bytes where a folder lies.</summary>
    public Func<string, long> FreeBytes { get; init; } = folder => new DriveInfo(folder).AvailableFreeSpace;

    /// <summary>Who uses a GPIO line, as <see cref="GpioLines.UserOf"/> says.</summary>
    public Func<string, int, string?> UserOfLine { get; init; } = GpioLines.UserOf;

    /// <summary>Opens a device node for a moment: 0, or the errno of the refusal.</summary>
    public Func<string, int> TryOpen { get; init; } = node =>
    {
        int descriptor = LinuxCalls.Open(node);
        if (descriptor < 0)
        {
            return -descriptor;
        }

        LinuxCalls.Close(descriptor);
        return 0;
    };

    public string PathOf(string absolute) => Path.Combine(Root, absolute.TrimStart('/'));

    /// <summary>The text of a file of the system, trimmed; null when it is absent, unreadable or implausibly long.</summary>
    public string? Read(string absolute)
    {
        string path = PathOf(absolute);
        try
        {
            return File.Exists(path) && new FileInfo(path).Length <= LongestFile ? File.ReadAllText(path).Trim('\0', ' ', '\n') : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
