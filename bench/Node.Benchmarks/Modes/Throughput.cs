using Node.Benchmarks.Brokers;
using Node.Benchmarks.Peers;
using Node.Benchmarks.Report;

namespace Node.Benchmarks.Modes;

/// <summary>
/// Device-to-cloud messages through each client against the same broker in the same run: at a window, with everything queued at once, and
/// our own client at a cadence of 1 ms.
/// </summary>
internal static class Throughput
{
    /// <summary>Messages that are queued before the first DoWork.</summary>
    public const int AtOnce = 20_000;

    private const int WarmUp = 20_000;
    private const int RoundsLeftOut = 2;

    /// <summary>The name of a row.</summary>
    public static string Row(string peer, int window) => window == AtOnce ? $"{peer}, all {AtOnce:N0} at once" : $"{peer}, window {window}";

    /// <summary>The name of our own client's row at the cadence.</summary>
    public static string CadenceRow(int window) => Row(PeerCatalog.OwnEach(1), window);

    /// <summary>Our own client with the window that it has unless told otherwise.</summary>
    public static string DefaultWindowRow { get; } = $"{PeerCatalog.Own}, all {AtOnce:N0} at once, its own window 100";

    /// <summary>Measures and prints.</summary>
    public static Results<Measurement> Run(IBroker broker, int messages, IReadOnlyList<int> windows, int rounds)
    {
        Results<Measurement> results = Rounds.Run(rounds, [.. windows.SelectMany(window => Subjects(broker.Endpoint, messages, window))], RoundsLeftOut);
        Table.Begin(
            $"Device to cloud, {broker.Name}",
            $"{messages:N0} messages of 256 B with two properties at QoS 1 over TLS, after {WarmUp:N0}; {rounds} rounds after {RoundsLeftOut} that were left out, medians (least–most).",
            "client", "msg/s", "CPU µs/msg", "B/msg", "rate ÷ low", "CPU ÷ low", "rate ÷ high", "rate ÷ floor");
        foreach (int window in windows)
        {
            foreach (string name in results.Names.Where(name => WindowOf(name, window)))
            {
                Print(results, name, window);
            }
        }

        return results;
    }

    private static bool WindowOf(string name, int window) =>
        window == AtOnce ? name.Contains("at once", StringComparison.Ordinal) : name.EndsWith($", window {window}", StringComparison.Ordinal);

    private static IEnumerable<Subject<Measurement>> Subjects(Endpoint endpoint, int messages, int window)
    {
        foreach (string peer in PeerCatalog.Names)
        {
            yield return new(Row(peer, window), () => Measure(() => PeerCatalog.Make(peer, endpoint), messages, window));
        }

        if (window == AtOnce)
        {
            yield return new(DefaultWindowRow, () => Measure(() => OwnPeer.To(endpoint, inFlightWindow: 100), messages, window));
        }
        else
        {
            yield return new(CadenceRow(window), () => Measure(() => PeerCatalog.Make(PeerCatalog.OwnEach(1), endpoint), messages, window));
        }
    }

    private static Measurement Measure(Func<IPeer> make, int messages, int window)
    {
        using IPeer peer = make();
        peer.Connect();
        int atOnce = window == AtOnce ? AtOnce : messages;
        peer.Send(WarmUp, Math.Min(window, WarmUp));
        return Measurement.Of(atOnce, () => peer.Send(atOnce, window));
    }

    private static void Print(Results<Measurement> results, string name, int window) => Table.Row(
        name,
        Figure.Whole(results.Median(name, one => one.Rate)),
        Figure.Fine(results.Median(name, one => one.CpuMicroseconds)),
        Figure.Whole(results.Median(name, one => one.Bytes)),
        results.Ratio(name, Row(PeerCatalog.Low, window), one => one.Rate).ToString(),
        results.Ratio(name, Row(PeerCatalog.Low, window), one => one.CpuMicroseconds).ToString(),
        results.Ratio(name, Row(PeerCatalog.High, window), one => one.Rate).ToString(),
        results.Ratio(name, Row(PeerCatalog.Floor, window), one => one.Rate).ToString());
}
