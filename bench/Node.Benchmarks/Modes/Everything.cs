using Node.Benchmarks.Brokers;
using Node.Benchmarks.Report;

namespace Node.Benchmarks.Modes;

/// <summary>All measurements in one run, and what they say about the goals: ready for the documentation.</summary>
internal static class Everything
{
    private const int Messages = 100_000;
    private const int MosquittoMessages = 40_000;
    private const int Pushed = 20_000;

    /// <summary>Measures and prints.</summary>
    public static void Run(SinkProcess sink, int rounds)
    {
        long start = TimeProvider.System.GetTimestamp();
        Console.WriteLine(Machine.Describe());
        var verdicts = new Verdicts
        {
            Throughput = Throughput.Run(sink, Messages, [100, 1_000, Throughput.AtOnce], rounds),
            Cold = ColdStart.Run(sink, rounds),
            Latency = Latency.Run(sink, rounds),
            Connecting = Connecting.Run(sink, rounds),
            CloudToDevice = CloudToDevice.Run(sink, Pushed, rounds),
            Residency = Residency.Run(sink, rounds),
            Queue = OfflineQueue.Run(sink, rounds),
            Turns = Turns.Run(sink, rounds),
            SystemCalls = SystemCalls.Run(sink, rounds),
            NativeRuns = Native.Run(sink, rounds),
        };
        using MosquittoProcess? mosquitto = MosquittoProcess.TryStart();
        if (mosquitto is null)
        {
            Console.WriteLine("\nmosquitto is not installed, so its tables and goals are missing.");
        }
        else
        {
            verdicts.OnMosquitto = Throughput.Run(mosquitto, MosquittoMessages, [100], rounds);
            verdicts.LatencyOnMosquitto = Latency.Run(mosquitto, rounds);
            verdicts.ConnectingOnMosquitto = Connecting.Run(mosquitto, rounds);
        }

        verdicts.Print();
        Console.WriteLine($"\nThe run took {TimeProvider.System.GetElapsedTime(start).TotalMinutes:0.0} minutes.");
    }
}
