using Node.Benchmarks.Brokers;
using Node.Benchmarks.Peers;
using Node.Benchmarks.Report;

namespace Node.Benchmarks.Modes;

/// <summary>What a process with one client occupies, connected and idle.</summary>
internal static class Residency
{
    /// <summary>The child's task.</summary>
    public const string Probe = "residency";

    private const string Empty = "process without a client";
    private const int IdleTurns = 10;
    private static readonly TimeSpan IdleTurn = TimeSpan.FromMilliseconds(100);

    /// <summary>Measures and prints.</summary>
    public static Results<Resident> Run(IBroker broker, int rounds)
    {
        Results<Resident> results = Rounds.Run(rounds, [.. PeerCatalog.Names.Append(Empty).Select(peer => new Subject<Resident>(peer, () => InChild(peer, broker.Endpoint)))]);
        Table.Begin(
            "Resident, connected and idle",
            $"A process for each, {IdleTurns * IdleTurn.TotalSeconds:0} s after its CONNACK, JIT; {rounds} rounds, medians (least–most).",
            "process", "RSS kB", "private dirty kB", "RSS ÷ low", "private dirty ÷ low");
        foreach (string name in results.Names)
        {
            Table.Row(
                name,
                Figure.Whole(results.Median(name, one => one.Kilobytes)),
                Figure.Whole(results.Median(name, one => one.PrivateDirtyKilobytes)),
                results.Ratio(name, PeerCatalog.Low, one => one.Kilobytes).ToString(),
                results.Ratio(name, PeerCatalog.Low, one => one.PrivateDirtyKilobytes).ToString());
        }

        return results;
    }

    /// <summary>The child's side.</summary>
    public static double[] Measure(string name, Endpoint endpoint)
    {
        using IPeer? peer = name == Empty ? null : PeerCatalog.Make(name, endpoint);
        peer?.Connect();
        for (int turn = 0; turn < IdleTurns; turn++)
        {
            (peer as OwnPeer)?.Client.DoWork();
            Pause.For(IdleTurn);
        }

        return [Rollup.Kilobytes("Rss:"), Rollup.Kilobytes("Private_Dirty:")];
    }

    private static Resident InChild(string peer, Endpoint endpoint) =>
        Children.Probe.Run(Probe, peer, endpoint) is [double kilobytes, double dirty] ? new Resident(kilobytes, dirty) : default;
}

/// <summary>One process.</summary>
/// <param name="Kilobytes">Resident set.</param>
/// <param name="PrivateDirtyKilobytes">The part that is this process's alone.</param>
internal readonly record struct Resident(double Kilobytes, double PrivateDirtyKilobytes);
