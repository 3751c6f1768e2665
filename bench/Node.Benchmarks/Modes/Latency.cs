using Node.Benchmarks.Brokers;
using Node.Benchmarks.Peers;
using Node.Benchmarks.Report;

namespace Node.Benchmarks.Modes;

/// <summary>From handing a message over to its confirmation, one message at a time.</summary>
internal static class Latency
{
    /// <summary>The child's task.</summary>
    public const string Probe = "latency";

    private const int WarmUpStages = 8; // The compiler works in stages, each some 100 ms after the last one was over.
    private const int WarmUpStage = 1_000;
    private const int Tight = 3_000;
    private static readonly TimeSpan BetweenStages = TimeSpan.FromMilliseconds(150);

    private static readonly Dictionary<string, int> MessagesAtCadence = new()
    {
        [PeerCatalog.OwnEach(10)] = 60,
        [PeerCatalog.OwnEach(100)] = 20,
    };

    /// <summary>Measures and prints.</summary>
    public static Results<Delay> Run(IBroker broker, int rounds)
    {
        Results<Delay> results = Rounds.Run(rounds, [
            .. PeerCatalog.Names.Concat(MessagesAtCadence.Keys).Select(peer => new Subject<Delay>(peer, () => InChild(peer, broker.Endpoint)))]);
        Table.Begin(
            $"Confirmation, one message at a time, {broker.Name}",
            $"{Tight:N0} messages in a tight loop, fewer at a cadence, where each comes at a random moment of the period; {rounds} warm processes each, medians (least–most).",
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

    /// <summary>The child's side.</summary>
    public static double[] Measure(string name, Endpoint endpoint)
    {
        using (IPeer warm = PeerCatalog.Make(MessagesAtCadence.ContainsKey(name) ? PeerCatalog.Own : name, endpoint))
        {
            warm.Connect();
            for (int stage = 0; stage < WarmUpStages; stage++)
            {
                warm.SendOneByOne(new long[WarmUpStage]);
                Pause.For(BetweenStages);
            }
        }

        using IPeer peer = PeerCatalog.Make(name, endpoint);
        peer.Connect();
        peer.SendOneByOne(new long[1]);
        long[] ticks = new long[MessagesAtCadence.GetValueOrDefault(name, Tight)];
        var measured = Measurement.Of(ticks.Length, () => peer.SendOneByOne(ticks));
        double[] milliseconds = [.. ticks.Select(taken => taken * 1_000.0 / TimeProvider.System.TimestampFrequency)];
        return [Statistics.Median(milliseconds), Statistics.Quantile(milliseconds, 0.99), measured.CpuMicroseconds];
    }

    private static Delay InChild(string peer, Endpoint endpoint) =>
        Children.Probe.Run(Probe, peer, endpoint) is [double median, double high, double cpu] ? new Delay(median, high, cpu) : default;
}

/// <summary>One round of one peer.</summary>
/// <param name="MedianMilliseconds">Half of the messages took no longer.</param>
/// <param name="HighMilliseconds">99 of 100 messages took no longer.</param>
/// <param name="CpuMicroseconds">CPU of this process for each message.</param>
internal readonly record struct Delay(double MedianMilliseconds, double HighMilliseconds, double CpuMicroseconds);
