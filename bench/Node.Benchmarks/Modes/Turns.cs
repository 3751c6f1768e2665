using System.Net;
using System.Net.Sockets;
using Node.Benchmarks.Brokers;
using Node.Benchmarks.Peers;
using Node.Benchmarks.Report;
using Node.HubClient;

namespace Node.Benchmarks.Modes;

/// <summary>
/// What one <c>DoWork</c> costs when there is nothing to do, with messages that nobody acknowledges, and with messages queued while no hub
/// can be reached.
/// </summary>
internal static class Turns
{
    /// <summary>Connected, everything confirmed.</summary>
    public const string Idle = "connected, nothing to do";

    /// <summary>The queue is long and there is no connection.</summary>
    public const string Offline = "no hub, 10,000 queued";

    /// <summary>What one system call costs: a bare poll of a connected socket, without waiting.</summary>
    public const string BarePoll = "Socket.Poll(0), for comparison";

    private const string OfflineEmpty = "no hub, nothing queued";
    private const int Blocks = 20;
    private const int BlockCalls = 10_000;
    private const int Calls = Blocks * BlockCalls;
    private const int ClosedPort = 1;
    private static readonly int[] Unacknowledged = [100, 1_000, 10_000];

    /// <summary>The name of a row.</summary>
    public static string Row(int unacknowledged) => $"{Figure.Whole(unacknowledged)} unacknowledged";

    /// <summary>Measures and prints.</summary>
    public static Results<Turn> Run(SinkProcess sink, int rounds)
    {
        Results<Turn> results = Rounds.Run(rounds, [
            new(Idle, () => Connected(sink.Endpoint, unacknowledged: 0)),
            .. Unacknowledged.Select(count => new Subject<Turn>(Row(count), () => Connected(sink.Endpoint, count))),
            new(OfflineEmpty, () => Disconnected(queued: 0)),
            new(Offline, () => Disconnected(queued: 10_000)),
            new(BarePoll, Poll)]);
        Table.Begin(
            "One DoWork",
            $"{Blocks} times {BlockCalls:N0} calls in each of {rounds} rounds, of which the middle counts; medians (least–most). System calls are counted at the link.",
            "state", "ns", "÷ idle", "bytes per call", "system calls per call");
        foreach (string name in results.Names)
        {
            Table.Row(
                name,
                Figure.Whole(results.Median(name, one => one.Nanoseconds)),
                results.Ratio(name, Idle, one => one.Nanoseconds).ToString(),
                Figure.Fine(results.Median(name, one => one.Bytes)),
                Figure.Fine(results.Median(name, one => one.SystemCalls)));
        }

        return results;
    }

    private static Turn Connected(Endpoint endpoint, int unacknowledged)
    {
        using var counted = new CountedClient(endpoint, unacknowledged > 0 ? "mute" : Traffic.DeviceId);
        counted.Peer.Connect();
        if (unacknowledged == 0)
        {
            counted.Peer.Send(1_000, 100);
        }

        counted.Peer.Queue(unacknowledged);
        counted.WorkUntilInFlight(unacknowledged);
        long before = counted.Receives + counted.Sends;
        Turn turn = Of(counted.Peer.Client);
        return turn with { SystemCalls = (double)(counted.Receives + counted.Sends - before) / Calls };
    }

    private static Turn Disconnected(int queued)
    {
        using IotHubClientLL client = IotHubClientLL.CreateFromConnectionString(Traffic.Identity(Traffic.DeviceId), new HubClientOptions { Port = ClosedPort });
        bool lost = false;
        client.SetConnectionStatusCallback((_, _) => lost = true);
        for (int message = 0; message < queued; message++)
        {
            client.SendEvent(new TelemetryMessage(Traffic.Payload));
        }

        while (!lost)
        {
            client.DoWork();
        }

        return Of(client);
    }

    private static Turn Poll()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(listener.LocalEndpoint);
        return Of(() => socket.Poll(0, SelectMode.SelectRead)) with { SystemCalls = 1 };
    }

    private static Turn Of(IotHubClientLL client) => Of(() => client.DoWork());

    private static Turn Of(Action call)
    {
        double[] nanoseconds = new double[Blocks];
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        for (int block = 0; block < Blocks; block++)
        {
            long start = TimeProvider.System.GetTimestamp();
            for (int number = 0; number < BlockCalls; number++)
            {
                call();
            }

            nanoseconds[block] = TimeProvider.System.GetElapsedTime(start).TotalNanoseconds / BlockCalls;
        }

        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        return new Turn(Statistics.Median(nanoseconds), (double)bytes / Calls, 0);
    }
}

/// <summary>One round of one state, for each call.</summary>
/// <param name="Nanoseconds">Time.</param>
/// <param name="Bytes">Managed bytes allocated.</param>
/// <param name="SystemCalls">Reads and writes of the socket.</param>
internal readonly record struct Turn(double Nanoseconds, double Bytes, double SystemCalls);
