using System.Globalization;
using Node.Benchmarks.Peers;
using Node.Benchmarks.Sink;

namespace Node.Benchmarks.Modes;

/// <summary>
/// Device-to-cloud messages through each client against the same sink in the same run, rounds shuffled; ratios are taken pair by pair
/// within a round, against MQTTnet's low-level client.
/// </summary>
internal static class Throughput
{
    private const int WarmUp = 20_000;
    private static readonly (string Name, Func<SinkProcess, IPeer> Make)[] Peers =
    [
        ("IotHubClientLL", sink => new OwnPeer(sink.Port, sink.RootPem)),
        ("IotHubClientLL, DoWork each 1 ms", sink => new OwnPeer(sink.Port, sink.RootPem, TimeSpan.FromMilliseconds(1))),
        ("MQTTnet low", sink => new MqttNetLowPeer(sink.Port, sink.RootPem)),
        ("MQTTnet high", sink => new MqttNetHighPeer(sink.Port, sink.RootPem)),
        ("floor (no API)", sink => new FloorPeer(sink.Port, sink.RootPem)),
    ];

    /// <summary>Measures and prints a table.</summary>
    public static void Run(int messages, int window, int rounds)
    {
        using var sink = new SinkProcess();
        var random = new Random(1);
        Dictionary<string, List<Measurement>> all = Peers.ToDictionary(peer => peer.Name, _ => new List<Measurement>());
        for (int round = 0; round < rounds; round++)
        {
            foreach ((string name, Func<SinkProcess, IPeer> make) in Peers.OrderBy(_ => random.Next()).ToArray())
            {
                using IPeer peer = make(sink);
                peer.Connect();
                peer.Send(WarmUp, window);
                all[name].Add(Measurement.Of(messages, () => peer.Send(messages, window)));
            }
        }

        Print(messages, window, rounds, all);
    }

    private static void Print(int messages, int window, int rounds, Dictionary<string, List<Measurement>> all)
    {
        List<Measurement> anchor = all["MQTTnet low"];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"D2C, {messages} messages of 256 B after {WarmUp}, window {window}, TLS, {rounds} rounds, medians"));
        Console.WriteLine("| client | msg/s | CPU µs/msg | B/msg | rate ÷ MQTTnet low | CPU ÷ MQTTnet low |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach ((string name, List<Measurement> taken) in all)
        {
            double rate = Measurement.Median(taken.Select(one => one.Rate));
            double cpu = Measurement.Median(taken.Select(one => one.CpuMicroseconds));
            double bytes = Measurement.Median(taken.Select(one => one.Bytes));
            double rateRatio = Measurement.Median(taken.Zip(anchor, (one, other) => one.Rate / other.Rate));
            double cpuRatio = Measurement.Median(taken.Zip(anchor, (one, other) => one.CpuMicroseconds / other.CpuMicroseconds));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {rate:N0} | {cpu:0.00} | {bytes:0} | {rateRatio:0.00} | {cpuRatio:0.000} |"));
        }
    }
}
