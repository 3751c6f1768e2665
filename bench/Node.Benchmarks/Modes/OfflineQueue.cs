using Node.Benchmarks.Brokers;
using Node.Benchmarks.Peers;
using Node.Benchmarks.Report;
using Node.HubClient;

namespace Node.Benchmarks.Modes;

/// <summary>What 10,000 messages occupy in our client's queue before they can be sent, what is left of that when they are confirmed, and what a message allocates in all.</summary>
internal static class OfflineQueue
{
    /// <summary>The child's task.</summary>
    public const string Probe = "queue";

    /// <summary>How many are queued.</summary>
    public const int Messages = 10_000;

    /// <summary>Measures and prints.</summary>
    public static Results<Held> Run(IBroker broker, int rounds)
    {
        Results<Held> results = Rounds.Run(rounds, [new Subject<Held>(PeerCatalog.Own, () => InChild(broker.Endpoint))]);
        Table.Begin(
            "Memory of a message",
            $"{Messages:N0} messages of 256 B with two properties, each a new object around a body that the application has anyway, queued while nothing can be sent, then sent and confirmed; {rounds} processes, medians.",
            "bytes of the heap per message queued", "RSS per message queued", "bytes left per message when confirmed", "bytes allocated per message in all", "the same after a second time", "make and enqueue ns");
        Table.Row([.. results.Of(PeerCatalog.Own)[0].Figures().Select((_, at) => Figure.Whole(results.Median(PeerCatalog.Own, one => one.Figures()[at])))]);
        return results;
    }

    /// <summary>The child's side. The client is connected and warm, and has no turn while the messages are queued.</summary>
    public static double[] Measure(string name, Endpoint endpoint)
    {
        using OwnPeer peer = OwnPeer.To(endpoint, inFlightWindow: 100);
        peer.Connect();
        peer.Send(100, 100);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        double resident = Rollup.Kilobytes("Rss:");
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        long start = TimeProvider.System.GetTimestamp();
        Queue(peer);
        double nanoseconds = TimeProvider.System.GetElapsedTime(start).TotalNanoseconds / Messages;
        long queued = GC.GetTotalMemory(forceFullCollection: true) - before;
        resident = (Rollup.Kilobytes("Rss:") - resident) * 1_024 / Messages;
        peer.Drain();
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        long left = GC.GetTotalMemory(forceFullCollection: true) - before;
        long again = GC.GetTotalAllocatedBytes(precise: true);
        Queue(peer);
        peer.Drain();
        again = GC.GetTotalAllocatedBytes(precise: true) - again;
        return [(double)queued / Messages, resident, (double)left / Messages, (double)allocated / Messages, (double)again / Messages, nanoseconds];
    }

    private static void Queue(OwnPeer peer)
    {
        for (int message = 0; message < Messages; message++)
        {
            TelemetryMessage made = Traffic.NewMessage(Traffic.Payload);
            peer.Queue(made);
        }
    }

    private static Held InChild(Endpoint endpoint)
    {
        double[] figures = Children.Probe.Run(Probe, PeerCatalog.Own, endpoint);
        return new Held(figures[0], figures[1], figures[2], figures[3], figures[4], figures[5]);
    }
}

/// <summary>One process; bytes for each message.</summary>
/// <param name="Queued">More on the heap with the messages queued.</param>
/// <param name="Resident">More in the resident set with the messages queued.</param>
/// <param name="Left">More on the heap when they are confirmed.</param>
/// <param name="Allocated">Allocated from making the message to its confirmation, the queue's growth included.</param>
/// <param name="AllocatedAgain">The same for a second time, when the queue has grown.</param>
/// <param name="EnqueueNanoseconds">Making and queueing.</param>
internal readonly record struct Held(double Queued, double Resident, double Left, double Allocated, double AllocatedAgain, double EnqueueNanoseconds)
{
    /// <summary>All of them, in this order.</summary>
    public double[] Figures() => [Queued, Resident, Left, Allocated, AllocatedAgain, EnqueueNanoseconds];
}
