using System.Globalization;
using Node.Benchmarks.Brokers;
using Node.Benchmarks.Peers;
using Node.Benchmarks.Report;

namespace Node.Benchmarks.Modes;

/// <summary>How often our client's link reads and writes its socket for each message; no clock is involved.</summary>
internal static class SystemCalls
{
    private const int Messages = 100_000;
    private static readonly int[] Windows = [100, 1_000];

    /// <summary>Counts and prints.</summary>
    public static Results<Calls> Run(SinkProcess sink, int rounds)
    {
        Results<Calls> results = Rounds.Run(rounds, [.. Windows.Select(window => new Subject<Calls>(Row(window), () => Count(sink.Endpoint, window)))]);
        Table.Begin(
            "System calls for each device-to-cloud message",
            $"{Messages:N0} messages, DoWork in a tight loop, counted at the link; {rounds} rounds, medians. Most reads are those of turns that found nothing to do, while the sink worked.",
            "window", "send", "recv", "turns", "recv ÷ turns");
        foreach (string name in results.Names)
        {
            Table.Row(
                name, Figure.Finest(results.Median(name, one => one.Sends)), Figure.Finest(results.Median(name, one => one.Receives)),
                Figure.Finest(results.Median(name, one => one.Turns)), Figure.Fine(results.Median(name, one => one.Receives / one.Turns)));
        }

        return results;
    }

    /// <summary>The name of a row.</summary>
    public static string Row(int window) => window.ToString(CultureInfo.InvariantCulture);

    private static Calls Count(Endpoint endpoint, int window)
    {
        using var counted = new CountedClient(endpoint, Traffic.DeviceId);
        counted.Peer.Connect();
        long sends = counted.Sends;
        long receives = counted.Receives;
        long turns = counted.Peer.Turns;
        counted.Peer.Send(Messages, window);
        return new Calls((double)(counted.Sends - sends) / Messages, (double)(counted.Receives - receives) / Messages, (double)(counted.Peer.Turns - turns) / Messages);
    }
}

/// <summary>Calls for each message.</summary>
/// <param name="Sends">Writes of the socket.</param>
/// <param name="Receives">Reads of the socket, those that found nothing included.</param>
/// <param name="Turns">Calls of DoWork.</param>
internal readonly record struct Calls(double Sends, double Receives, double Turns);
