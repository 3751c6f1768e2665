using Node.Benchmarks.Brokers;
using Node.Benchmarks.Children;
using Node.Benchmarks.Peers;
using Node.Benchmarks.Report;

namespace Node.Benchmarks.Modes;

/// <summary>The client in a small program of its own, natively compiled beside the runtime's: how soon it has sent a message, what it occupies.</summary>
internal static class Native
{
    /// <summary>Natively compiled.</summary>
    public const string Compiled = "IotHubClientLL, native AOT";

    /// <summary>By the runtime, from the same source.</summary>
    public const string Managed = "IotHubClientLL, JIT";

    /// <summary>MQTTnet's low-level client by the runtime, inside this program: what the anchors know.</summary>
    public const string Anchor = "MQTTnet low, JIT, in the program of the other tables";

    /// <summary>Measures and prints; null, with the reason printed, where nothing can be compiled natively.</summary>
    public static Results<NativeRun>? Run(IBroker broker, int rounds)
    {
        (NativeProgram? native, NativeProgram? managed, string why) = NativeProgram.Publish();
        if (native is null || managed is null)
        {
            Console.WriteLine($"\nThe native rows are missing: {why}.");
            return null;
        }

        Results<NativeRun> results = Rounds.Run(rounds, [
            new Subject<NativeRun>(Compiled, () => Of(native, broker.Endpoint)),
            new Subject<NativeRun>(Managed, () => Of(managed, broker.Endpoint)),
            new Subject<NativeRun>(Anchor, () => OfAnchor(broker.Endpoint))]);
        Table.Begin(
            "Native AOT",
            $"A process from its start to its end that confirms one message over TLS; and a process 1 s after its CONNACK, idle. {rounds} rounds, medians (least–most).",
            "program", "whole process ms", "RSS kB", "private dirty kB", "process ÷ JIT", "RSS ÷ JIT");
        foreach (string name in results.Names)
        {
            Table.Row(
                name,
                Figure.Whole(results.Median(name, one => one.Milliseconds)),
                Figure.Whole(results.Median(name, one => one.Kilobytes)),
                Figure.Whole(results.Median(name, one => one.PrivateDirtyKilobytes)),
                results.Ratio(name, Managed, one => one.Milliseconds).ToString(),
                results.Ratio(name, Managed, one => one.Kilobytes).ToString());
        }

        return results;
    }

    private static NativeRun Of(NativeProgram program, Endpoint endpoint)
    {
        long start = TimeProvider.System.GetTimestamp();
        program.Answer("once", endpoint);
        double whole = TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
        double[] held = program.Answer("resident", endpoint);
        return new NativeRun(whole, held[0], held[1]);
    }

    private static NativeRun OfAnchor(Endpoint endpoint)
    {
        long start = TimeProvider.System.GetTimestamp();
        Children.Probe.Run(Connecting.Once, PeerCatalog.Low, endpoint);
        double whole = TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
        double[] held = Children.Probe.Run(Residency.Probe, PeerCatalog.Low, endpoint);
        return new NativeRun(whole, held[0], held[1]);
    }
}

/// <summary>One round of one program.</summary>
/// <param name="Milliseconds">From its start to its end, one message confirmed.</param>
/// <param name="Kilobytes">Resident set.</param>
/// <param name="PrivateDirtyKilobytes">The part that is this process's alone.</param>
internal readonly record struct NativeRun(double Milliseconds, double Kilobytes, double PrivateDirtyKilobytes);
