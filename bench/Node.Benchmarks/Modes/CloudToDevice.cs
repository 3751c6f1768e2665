using Node.Benchmarks.Brokers;
using Node.Benchmarks.Peers;
using Node.Benchmarks.Report;

namespace Node.Benchmarks.Modes;

/// <summary>Cloud-to-device messages pushed by the sink at QoS 1, each acknowledged by the client.</summary>
internal static class CloudToDevice
{
    /// <summary>As many unacknowledged messages as the client follows.</summary>
    public const int Wide = 1_000;

    /// <summary>As many unacknowledged messages as an IoT Hub keeps for a device.</summary>
    public const int HubWindow = 50;

    private const int WarmUp = 20_000;
    private const int RoundsLeftOut = 2;

    /// <summary>The name of a row.</summary>
    public static string Row(string peer, int window) => $"{peer}, window {window}";

    /// <summary>Measures and prints.</summary>
    public static Results<Measurement> Run(IBroker sink, int messages, int rounds)
    {
        (string Peer, int Window)[] rows = [.. PeerCatalog.Names.Select(peer => (peer, HubWindow)), .. PeerCatalog.Names.Select(peer => (peer, Wide))];
        Results<Measurement> results = Rounds.Run(rounds, [.. rows.Select(
            row => new Subject<Measurement>(Row(row.Peer, row.Window), () => Measure(row.Peer, sink.Endpoint, messages, row.Window)))], RoundsLeftOut);
        Table.Begin(
            $"Cloud to device, {sink.Name}",
            $"{messages:N0} messages of 256 B at QoS 1, a window of them unacknowledged, after {WarmUp:N0}; {rounds} rounds after {RoundsLeftOut} that were left out, medians (least–most). Only our own client parses the property bag. "
                + "MQTTnet has socket buffers of 1 MiB instead of its 8 KiB, with which it stands still for 200 ms at a time.",
            "client", "msg/s", "CPU µs/msg", "B/msg", "rate ÷ low", "CPU ÷ low", "rate ÷ high", "rate ÷ floor");
        foreach ((string peer, int window) in rows)
        {
            string name = Row(peer, window);
            Table.Row(
                name,
                Figure.Whole(results.Median(name, one => one.Rate)),
                Figure.Fine(results.Median(name, one => one.CpuMicroseconds)),
                Figure.Whole(results.Median(name, one => one.Bytes)),
                results.Ratio(name, Row(PeerCatalog.Low, window), one => one.Rate).ToString(),
                results.Ratio(name, Row(PeerCatalog.Low, window), one => one.CpuMicroseconds).ToString(),
                results.Ratio(name, Row(PeerCatalog.High, window), one => one.Rate).ToString(),
                results.Ratio(name, Row(PeerCatalog.Floor, window), one => one.Rate).ToString());
        }

        return results;
    }

    private static Measurement Measure(string peer, Endpoint endpoint, int messages, int window)
    {
        Push(peer, endpoint, WarmUp, window);
        return Push(peer, endpoint, messages, window);
    }

    private static Measurement Push(string name, Endpoint endpoint, int messages, int window)
    {
        using IPeer peer = PeerCatalog.MakeReceiver(name, endpoint, SinkSession.PushId(messages, window));
        peer.Connect();
        return Measurement.Of(messages, () => peer.Receive(messages));
    }
}
