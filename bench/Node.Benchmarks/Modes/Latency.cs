using Node.Benchmarks.Brokers;
using Node.Benchmarks.Peers;
using Node.Benchmarks.Report;

namespace Node.Benchmarks.Modes;

/// <summary>From handing a message over to its confirmation, one message at a time.</summary>
internal static class Latency
{
    private const int WarmUp = 3_000;
    private const int Tight = 3_000;

    private static readonly (TimeSpan Cadence, int Messages)[] Cadences =
        [(TimeSpan.FromMilliseconds(10), 100), (TimeSpan.FromMilliseconds(100), 25)];

    /// <summary>Measures and prints.</summary>
    public static Results<Delay> Run(IBroker broker, int rounds)
    {
        Results<Delay> results = Rounds.Run(rounds, [.. Subjects(broker.Endpoint)]);
        Table.Begin(
            $"Confirmation, one message at a time, {broker.Name}",
            $"{Tight:N0} messages in a tight loop, fewer at a cadence, where each comes at a random moment of the period; {rounds} rounds, medians (least–most).",
            "client", "p50 ms", "p99 ms", "CPU µs/msg", "p50 ÷ low", "p99 ÷ low", "CPU ÷ low", "p50 ÷ high", "p50 ÷ floor");
        foreach (string name in results.Names)
        {
            Table.Row(
                name,
                Figure.Finest(results.Median(name, one => one.MedianMilliseconds)),
                Figure.Finest(results.Median(name, one => one.HighMilliseconds)),
                Figure.Fine(results.Median(name, one => one.CpuMicroseconds)),
                results.Ratio(name, PeerCatalog.Low, one => one.MedianMilliseconds).ToString(),
                results.Ratio(name, PeerCatalog.Low, one => one.HighMilliseconds).ToString(),
                results.Ratio(name, PeerCatalog.Low, one => one.CpuMicroseconds).ToString(),
                results.Ratio(name, PeerCatalog.High, one => one.MedianMilliseconds).ToString(),
                results.Ratio(name, PeerCatalog.Floor, one => one.MedianMilliseconds).ToString());
        }

        return results;
    }

    private static IEnumerable<Subject<Delay>> Subjects(Endpoint endpoint)
    {
        foreach (string peer in PeerCatalog.Names)
        {
            yield return new(peer, () => Measure(PeerCatalog.Make(peer, endpoint), WarmUp, Tight));
        }

        foreach ((TimeSpan cadence, int messages) in Cadences)
        {
            yield return new($"{PeerCatalog.Own} each {cadence.TotalMilliseconds:0} ms", () => Measure(OwnPeer.To(endpoint, cadence: cadence), warmUp: 2, messages));
        }
    }

    private static Delay Measure(IPeer made, int warmUp, int messages)
    {
        using IPeer peer = made;
        peer.Connect();
        peer.SendOneByOne(new long[warmUp]);
        long[] ticks = new long[messages];
        var measured = Measurement.Of(messages, () => peer.SendOneByOne(ticks));
        double[] milliseconds = [.. ticks.Select(taken => taken * 1_000.0 / TimeProvider.System.TimestampFrequency)];
        return new Delay(Statistics.Median(milliseconds), Statistics.Quantile(milliseconds, 0.99), measured.CpuMicroseconds);
    }
}

/// <summary>One round of one peer.</summary>
/// <param name="MedianMilliseconds">Half of the messages took no longer.</param>
/// <param name="HighMilliseconds">99 of 100 messages took no longer.</param>
/// <param name="CpuMicroseconds">CPU of this process for each message.</param>
internal readonly record struct Delay(double MedianMilliseconds, double HighMilliseconds, double CpuMicroseconds);
