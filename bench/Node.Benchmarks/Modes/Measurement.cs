using System.Diagnostics;

namespace Node.Benchmarks.Modes;

/// <summary>One round of one peer.</summary>
/// <param name="Rate">Messages a second.</param>
/// <param name="CpuMicroseconds">CPU of this process for each message, all threads, in microseconds.</param>
/// <param name="Bytes">Managed bytes allocated for each message, all threads.</param>
internal readonly record struct Measurement(double Rate, double CpuMicroseconds, double Bytes)
{
    /// <summary>Measures an action that handles this many messages.</summary>
    public static Measurement Of(int messages, Action action)
    {
        using Process process = Process.GetCurrentProcess();
        GC.Collect();
        long bytes = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan cpu = process.TotalProcessorTime;
        long start = TimeProvider.System.GetTimestamp();
        action();
        TimeSpan elapsed = TimeProvider.System.GetElapsedTime(start);
        process.Refresh();
        return new Measurement(
            messages / elapsed.TotalSeconds,
            (process.TotalProcessorTime - cpu).TotalMicroseconds / messages,
            (double)(GC.GetTotalAllocatedBytes(precise: true) - bytes) / messages);
    }

    /// <summary>The middle of several values.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
