using Node.Benchmarks.Brokers;
using Node.Benchmarks.Peers;
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
        Console.WriteLine(Machine.Describe());
        Throughput.Run(sink, Messages, [100, 1_000, Throughput.AtOnce], rounds);
        ColdStart.Run(sink, rounds);
        Latency.Run(sink, rounds);
        Connecting.Run(sink, rounds);
        CloudToDevice.Run(sink, Pushed, rounds);
        Residency.Run(sink, rounds);
        OfflineQueue.Run(sink, rounds);
        Turns.Run(sink, rounds);
        SystemCalls.Run(sink, rounds);
        using MosquittoProcess? mosquitto = MosquittoProcess.TryStart();
        if (mosquitto is not null)
        {
            Throughput.Run(mosquitto, MosquittoMessages, [100], rounds);
            Latency.Run(mosquitto, rounds);
            Connecting.Run(mosquitto, rounds);
        }
    }
}
