using System.Globalization;

namespace Node.Benchmarks.Report;

/// <summary>The kernel's account of what this process occupies.</summary>
internal static class Rollup
{
    private const string Account = "/proc/self/smaps_rollup";

    /// <summary>A line of it, such as <c>Rss:</c>, in kB; 0 where there is none.</summary>
    public static double Kilobytes(string key) => !File.Exists(Account)
        ? 0
        : double.Parse(File.ReadLines(Account).First(line => line.StartsWith(key, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
