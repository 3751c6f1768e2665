using Node.Benchmarks.Brokers;
using Node.Benchmarks.Peers;
using Node.Benchmarks.Report;

namespace Node.Benchmarks.Modes;

/// <summary>The first 20,000 device-to-cloud messages of a process, the compiler's work included.</summary>
internal static class ColdStart
{
    /// <summary>The child's task.</summary>
    public const string Probe = "cold";

    private const int Messages = 20_000;
    private const int Window = 100;

    /// <summary>Measures and prints.</summary>
    public static Results<Measurement> Run(IBroker broker, int rounds)
    {
        Results<Measurement> results = Rounds.Run(rounds, [.. PeerCatalog.Names.Select(peer => new Subject<Measurement>(peer, () => InChild(peer, broker.Endpoint)))]);
        Table.Begin(
            $"Device to cloud, cold, {broker.Name}",
            $"The first {Messages:N0} messages of a process after connecting, at most {Window} unacknowledged; {rounds} processes each, medians (least–most).",
            "client", "msg/s", "CPU µs/msg", "rate ÷ low", "CPU ÷ low", "rate ÷ high", "rate ÷ floor");
        foreach (string name in results.Names)
        {
            Table.Row(
                name,
                Figure.Whole(results.Median(name, one => one.Rate)),
                Figure.Fine(results.Median(name, one => one.CpuMicroseconds)),
                results.Ratio(name, PeerCatalog.Low, one => one.Rate).ToString(),
                results.Ratio(name, PeerCatalog.Low, one => one.CpuMicroseconds).ToString(),
                results.Ratio(name, PeerCatalog.High, one => one.Rate).ToString(),
                results.Ratio(name, PeerCatalog.Floor, one => one.Rate).ToString());
        }

        return results;
    }

    /// <summary>The child's side.</summary>
    public static double[] Measure(string name, Endpoint endpoint)
    {
        using IPeer peer = PeerCatalog.Make(name, endpoint);
        peer.Connect();
        var measured = Measurement.Of(Messages, () => peer.Send(Messages, Window));
        return [measured.Rate, measured.CpuMicroseconds, measured.Bytes];
    }

    private static Measurement InChild(string peer, Endpoint endpoint) =>
        Children.Probe.Run(Probe, peer, endpoint) is [double rate, double cpu, double bytes] ? new Measurement(rate, cpu, bytes) : default;
}
