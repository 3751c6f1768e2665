using System.Globalization;

namespace Hub.Benchmarks;

/// <summary>How many files and sockets a process may have open. The runtime raises the soft limit to the hard one by itself.</summary>
internal static class OpenFiles
{
    /// <returns>Null where it is not told or there is none.</returns>
    public static long? HardLimit()
    {
        const string Limits = "/proc/self/limits";
        string? line = File.Exists(Limits) ? File.ReadLines(Limits).FirstOrDefault(one => one.StartsWith("Max open files", StringComparison.Ordinal)) : null;
        string[] words = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return words.Length > 4 && long.TryParse(words[4], NumberStyles.None, CultureInfo.InvariantCulture, out long hard) ? hard : null;
    }
}
