using System.Globalization;
using Node.Benchmarks.Peers;
using Node.Benchmarks.Sink;

namespace Node.Benchmarks.Modes;

/// <summary>What one <c>DoWork</c> costs when there is nothing to do, and with 10,000 messages queued while the hub cannot be reached.</summary>
internal static class Turns
{
    private const int Count = 200_000;

    /// <summary>Measures and prints.</summary>
    public static void Run(int rounds)
    {
        using var sink = new SinkProcess();
        var idle = new List<double>();
        var queued = new List<double>();
        for (int round = 0; round < rounds; round++)
        {
            using var connected = new OwnPeer(sink.Port, sink.RootPem);
            connected.Connect();
            connected.Send(1_000, 100);
            idle.Add(Nanoseconds(() => connected.Client.DoWork()));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Idle connected DoWork: {Measurement.Median(idle):0} ns, {rounds} rounds of {Count}, median"));
        for (int round = 0; round < rounds; round++)
        {
            queued.Add(QueuedOffline());
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"DoWork with 10,000 queued and no hub: {Measurement.Median(queued):0} ns"));
    }

    private static double QueuedOffline()
    {
        using Node.HubClient.IotHubClientLL client = Node.HubClient.IotHubClientLL.CreateFromConnectionString(Traffic.Identity, new Node.HubClient.HubClientOptions { Port = 1 });
        bool lost = false;
        client.SetConnectionStatusCallback((_, _) => lost = true);
        for (int message = 0; message < 10_000; message++)
        {
            client.SendEvent(new Node.HubClient.TelemetryMessage(Traffic.Payload));
        }

        while (!lost)
        {
            client.DoWork();
        }

        client.SetRetryPolicy(Node.HubClient.RetryPolicy.None, TimeSpan.Zero);
        return Nanoseconds(() => client.DoWork());
    }

    private static double Nanoseconds(Action turn)
    {
        long start = TimeProvider.System.GetTimestamp();
        for (int count = 0; count < Count; count++)
        {
            turn();
        }

        return TimeProvider.System.GetElapsedTime(start).TotalNanoseconds / Count;
    }
}
