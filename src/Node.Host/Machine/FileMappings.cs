using System.Globalization;

namespace Node.Host.Machine;

/// <summary>
/// The parts of this process's memory that are files as they are on the disk, the program's code above all. What only the start needed of them would stay resident. Let go, it is
/// still in the kernel's cache, from where a page comes back as soon as it is touched, and which is the first to be emptied where memory gets short.
/// </summary>
internal static class FileMappings
{
    private const string Account = "/proc/self/smaps"; // proc_pid_smaps(5)
    private const string WrittenTo = "Anonymous:";

    /// <summary>Lets go of all of them. Linux only.</summary>
    /// <returns>How many bytes were let go, resident or not; 0 where the kernel gives no account.</returns>
    public static long Release()
    {
        long released = 0;
        try
        {
            foreach ((nint start, nint length) in Unchanged(File.ReadLines(Account)).ToArray())
            {
                released += MemoryCalls.TryLetGo(start, length) ? length : 0;
            }
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            return released; // A sandbox without /proc: everything stays as it is.
        }

        return released;
    }

    /// <summary>Where they lie: private, not writable, and without a single page that was ever written, such as an address that the loader filled in.</summary>
    /// <param name="smaps">The kernel's account, line by line: for each mapping a heading, then figures with a name.</param>
    public static IEnumerable<(nint Start, nint Length)> Unchanged(IEnumerable<string> smaps)
    {
        (nint Start, nint Length)? candidate = null;
        foreach (string line in smaps)
        {
            if (line.Length > 0 && !char.IsAsciiLetterUpper(line[0]))
            {
                candidate = Candidate(line);
            }
            else if (candidate is { } mapping && line.StartsWith(WrittenTo, StringComparison.Ordinal) && line.AsSpan(WrittenTo.Length).Trim() is "0 kB")
            {
                yield return mapping;
            }
        }
    }

    /// <summary>Reads <c>55fa1f384000-55fa1f398000 r-xp 00003000 fe:00 248149  /usr/bin/sensornode</c>; null for anything that may be written to or is no file.</summary>
    private static (nint Start, nint Length)? Candidate(string heading)
    {
        string[] fields = heading.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 6 || fields[1] is not ("r-xp" or "r--p") || fields[5][0] != '/')
        {
            return null;
        }

        string[] ends = fields[0].Split('-');
        return ends.Length == 2 && nint.TryParse(ends[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out nint start)
            && nint.TryParse(ends[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out nint end) ? (start, end - start) : null;
    }
}
