using Node.Benchmarks.Brokers;
using Node.Benchmarks.Peers;
using Node.Benchmarks.Report;

namespace Node.Benchmarks.Modes;

/// <summary>From making a client to its CONNACK: the first of a process, and later ones; and a whole process that confirms one message.</summary>
internal static class Connecting
{
    /// <summary>The child's task: connect, again and again.</summary>
    public const string Probe = "connect";

    /// <summary>The child's task: connect, send one message, end.</summary>
    public const string Once = "once";

    private const int Discarded = 20;
    private const int Warm = 80;

    /// <summary>Measures and prints.</summary>
    public static Results<Connects> Run(IBroker broker, int rounds)
    {
        Results<Connects> results = Rounds.Run(rounds, [.. PeerCatalog.Names.Select(peer => new Subject<Connects>(peer, () => InChildren(peer, broker.Endpoint)))]);
        Table.Begin(
            $"Connecting, {broker.Name}",
            $"Create to CONNACK, TLS; {rounds} processes each, in each the first and {Warm} warm connects; and processes that confirm one message and end. Medians (least–most).",
            "client", "first ms (CPU ms)", "warm p50 ms", "CPU ms per warm connect", "whole process ms", "warm p50 ÷ low", "warm CPU ÷ low", "warm p50 ÷ floor", "process ÷ low");
        foreach (string name in results.Names)
        {
            Table.Row(
                name,
                $"{Figure.Whole(results.Median(name, one => one.FirstMilliseconds))} ({Figure.Whole(results.Median(name, one => one.FirstCpu))})",
                Figure.Fine(results.Median(name, one => one.WarmMilliseconds)),
                Figure.Fine(results.Median(name, one => one.WarmCpu)),
                Figure.Whole(results.Median(name, one => one.ProcessMilliseconds)),
                results.Ratio(name, PeerCatalog.Low, one => one.WarmMilliseconds).ToString(),
                results.Ratio(name, PeerCatalog.Low, one => one.WarmCpu).ToString(),
                results.Ratio(name, PeerCatalog.Floor, one => one.WarmMilliseconds).ToString(),
                results.Ratio(name, PeerCatalog.Low, one => one.ProcessMilliseconds).ToString());
        }

        return results;
    }

    /// <summary>The child's side of <see cref="Probe"/>.</summary>
    public static double[] Measure(string name, Endpoint endpoint)
    {
        (double first, double firstCpu) = ConnectOnce(name, endpoint);
        for (int connect = 0; connect < Discarded; connect++)
        {
            ConnectOnce(name, endpoint);
        }

        (double Milliseconds, double Cpu)[] warm = [.. Enumerable.Range(0, Warm).Select(_ => ConnectOnce(name, endpoint))];
        return [first, firstCpu, Statistics.Median(warm.Select(one => one.Milliseconds)), warm.Average(one => one.Cpu)];
    }

    /// <summary>The child's side of <see cref="Once"/>.</summary>
    public static double[] ConfirmOne(string name, Endpoint endpoint)
    {
        using IPeer peer = PeerCatalog.Make(name, endpoint);
        peer.Connect();
        peer.Send(1, 1);
        return [1];
    }

    private static (double Milliseconds, double Cpu) ConnectOnce(string name, Endpoint endpoint)
    {
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = TimeProvider.System.GetTimestamp();
        using IPeer peer = PeerCatalog.Make(name, endpoint);
        peer.Connect();
        return (TimeProvider.System.GetElapsedTime(start).TotalMilliseconds, (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds);
    }

    private static Connects InChildren(string peer, Endpoint endpoint)
    {
        long start = TimeProvider.System.GetTimestamp();
        Children.Probe.Run(Once, peer, endpoint);
        double whole = TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
        double[] figures = Children.Probe.Run(Probe, peer, endpoint);
        return new Connects(figures[0], figures[1], figures[2], figures[3], whole);
    }
}

/// <summary>One round of one peer, all in milliseconds.</summary>
/// <param name="FirstMilliseconds">The first connect of a process.</param>
/// <param name="FirstCpu">Its CPU.</param>
/// <param name="WarmMilliseconds">The median of later ones.</param>
/// <param name="WarmCpu">CPU of a later one on average.</param>
/// <param name="ProcessMilliseconds">A process from its start to its end that sends one message.</param>
internal readonly record struct Connects(double FirstMilliseconds, double FirstCpu, double WarmMilliseconds, double WarmCpu, double ProcessMilliseconds);
