using System.Globalization;
using System.Text;

namespace Node.Sensors.Machine;

/// <summary>The kernel's small text files below a root folder. A file that is absent or cannot be read now is an ordinary answer here. One caller at a time.</summary>
internal sealed class MachineFiles(string root)
{
    /// <summary>No file of interest is longer.</summary>
    private const int MostBytes = 64 * 1024;

    private readonly byte[] _bytes = new byte[MostBytes];

    /// <summary>A file's text, or <see langword="null"/> when it cannot be had: absent, not permitted, or its device is off.</summary>
    public string? Text(string path)
    {
        try
        {
            using FileStream file = new(Path.Combine(root, path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1);
            int length = file.ReadAtLeast(_bytes, MostBytes, throwOnEndOfStream: false);
            return Encoding.ASCII.GetString(_bytes, 0, length);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>A file that holds one decimal number.</summary>
    public double? Number(string path) =>
        double.TryParse(Text(path), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;

    public string[] Lines(string path) => Text(path)?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Folders that match, as paths relative to the root, in order of their names.</summary>
    public IReadOnlyList<string> Folders(string parent, string pattern)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(Path.Combine(root, parent), pattern).Select(folder => Path.Combine(parent, Path.GetFileName(folder))).Order(StringComparer.Ordinal)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
