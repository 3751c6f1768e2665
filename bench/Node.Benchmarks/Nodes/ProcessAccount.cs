using System.Globalization;

namespace Node.Benchmarks.Nodes;

/// <summary>The kernel's account of another process.</summary>
internal sealed class ProcessAccount(int id)
{
    private const double TicksASecond = 100; // USER_HZ, which is the same on every Linux that .NET runs on.

    /// <summary>Seconds of CPU since its start, to 10 ms.</summary>
    public double CpuSeconds
    {
        get
        {
            string stat = File.ReadAllText($"/proc/{id}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' '); // The name before may hold spaces. The third field is the first here.
            return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksASecond;
        }
    }

    /// <summary>Resident set in MiB.</summary>
    public double ResidentMebibytes => Value($"/proc/{id}/status", "VmRSS:") / 1_024;

    /// <summary>Bytes of file system blocks that it dirtied.</summary>
    public double BlockBytes => Value($"/proc/{id}/io", "write_bytes:");

    /// <summary>Bytes that a thread gave to the kernel; the thread is found by its name.</summary>
    public double WrittenBy(string thread)
    {
        foreach (string task in Directory.EnumerateDirectories($"/proc/{id}/task"))
        {
            if (File.ReadAllText(Path.Combine(task, "comm")).TrimEnd() == thread)
            {
                return Value(Path.Combine(task, "io"), "wchar:");
            }
        }

        throw new InvalidOperationException($"Process {id} has no thread '{thread}'.");
    }

    private static double Value(string file, string key) => double.Parse(
        File.ReadLines(file).First(line => line.StartsWith(key, StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
