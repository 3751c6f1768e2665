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
        GC.Collect();
        long bytes = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = TimeProvider.System.GetTimestamp();
        action();
        TimeSpan elapsed = TimeProvider.System.GetElapsedTime(start);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        return new Measurement(messages / elapsed.TotalSeconds, cpu.TotalMicroseconds / messages, (double)bytes / messages);
    }
}
