using System.CommandLine;
using BenchmarkDotNet.Running;
using Node.Benchmarks.Brokers;
using Node.Benchmarks.Micro;
using Node.Benchmarks.Modes;
using Node.Benchmarks.Nodes;

namespace Node.Benchmarks;

/// <summary>What the program does for which arguments.</summary>
internal static class BenchCommandLine
{
    private static readonly Option<int> Messages = new("--messages") { Description = "Messages in each round.", DefaultValueFactory = _ => 100_000 };
    private static readonly Option<int> Pushed = new("--messages") { Description = "Messages in each round.", DefaultValueFactory = _ => 20_000 };
    private static readonly Option<int[]> Windows = new("--window")
    {
        Description = $"Unacknowledged messages at most; may be given several times. {Throughput.AtOnce} queues that many before the first DoWork.",
        DefaultValueFactory = _ => [100, 1_000, Throughput.AtOnce],
    };

    private static readonly Option<int> Rounds = new("--rounds") { Description = "Rounds; the medians are printed.", DefaultValueFactory = _ => 5 };
    private static readonly Option<string> Broker = new Option<string>("--broker")
    {
        Description = "What the clients talk to: the sink that acknowledges at once, or mosquitto where it is on the PATH.",
        DefaultValueFactory = _ => "sink",
    }.AcceptOnlyFromAmong("sink", "mosquitto");

    /// <summary>The commands.</summary>
    public static RootCommand Build() => new("SensorNode benchmarks: our client beside MQTTnet's two and a floor. Run them in Release: dotnet run -c Release --project bench/Node.Benchmarks -- all")
    {
        OnBroker("d2c", "Device-to-cloud messages: rate, CPU, allocation.", (parsed, broker) => Throughput.Run(broker, parsed.GetValue(Messages), parsed.GetValue(Windows)!, parsed.GetValue(Rounds)), Messages, Windows),
        OnBroker("cold", "The first 20,000 device-to-cloud messages of a process.", (parsed, broker) => ColdStart.Run(broker, parsed.GetValue(Rounds))),
        OnBroker("latency", "One message at a time: p50, p99, CPU.", (parsed, broker) => Latency.Run(broker, parsed.GetValue(Rounds))),
        OnBroker("connect", "Create to CONNACK: the first of a process, and warm.", (parsed, broker) => Connecting.Run(broker, parsed.GetValue(Rounds))),
        OnSink("c2d", "Cloud-to-device messages, each acknowledged.", (parsed, sink) => CloudToDevice.Run(sink, parsed.GetValue(Pushed), parsed.GetValue(Rounds)), Pushed),
        OnSink("memory", "Resident memory, and the memory of a message.", (parsed, sink) =>
        {
            Residency.Run(sink, parsed.GetValue(Rounds));
            OfflineQueue.Run(sink, parsed.GetValue(Rounds));
        }),
        OnSink("turns", "The cost of one DoWork in each state, and system calls for each message.", (parsed, sink) =>
        {
            Turns.Run(sink, parsed.GetValue(Rounds));
            SystemCalls.Run(sink, parsed.GetValue(Rounds));
        }),
        OnSink("native", "The client natively compiled: start to first confirmation, resident memory. Needs clang.", (parsed, sink) => Native.Run(sink, parsed.GetValue(Rounds))),
        OnSink("all", "Everything but micro, as Markdown, with the goals; with mosquitto too where it is installed.", (parsed, sink) => Everything.Run(sink, parsed.GetValue(Rounds))),
        Nodes(),
        Micro(),
        Sink(),
    };

    private static Command OnBroker(string name, string description, Action<ParseResult, IBroker> run, params ReadOnlySpan<Option> options)
    {
        Command command = Make(name, description, options);
        command.Options.Add(Broker);
        command.SetAction(parsed =>
        {
            using IBroker? broker = parsed.GetValue(Broker) == "sink" ? new SinkProcess() : MosquittoProcess.TryStart();
            if (broker is null)
            {
                Console.WriteLine("mosquitto is not installed: it is not on the PATH.");
                return;
            }

            run(parsed, broker);
        });
        return command;
    }

    private static Command OnSink(string name, string description, Action<ParseResult, SinkProcess> run, params ReadOnlySpan<Option> options)
    {
        Command command = Make(name, description, options);
        command.SetAction(parsed =>
        {
            using var sink = new SinkProcess();
            run(parsed, sink);
        });
        return command;
    }

    private static Command Make(string name, string description, ReadOnlySpan<Option> options)
    {
        var command = new Command(name, description) { Rounds };
        foreach (Option option in options)
        {
            command.Options.Add(option);
        }

        return command;
    }

    private static Command Nodes()
    {
        var minutes = new Option<double>("--minutes") { Description = "How long the idle node is watched.", DefaultValueFactory = _ => 10 };
        var native = new Option<string?>("--aot") { Description = "Folder of a node published with native AOT; published anew when left out.", HelpName = "FOLDER" };
        var managed = new Option<string?>("--jit") { Description = "Folder of the same node published for the runtime; published anew when left out.", HelpName = "FOLDER" };
        var only = new Option<string[]>("--only")
        {
            Description = "Only these parts of it; may be given several times. All of them when left out. The spool alone takes a minute, publishes nothing and needs no clang.",
            DefaultValueFactory = _ => [],
            HelpName = "PART",
        };
        only.AcceptOnlyFromAmong(WholeNode.Parts);
        Command command = Make("node", "The whole node, native AOT beside JIT: start, memory, idle CPU, latency, spool, size, wear, with the goals. Needs clang.", [minutes, native, managed, only]);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(only) is ["spool"])
            {
                SpoolRate.RunAlone(parsed.GetValue(Rounds));
                return;
            }

            WholeNode.Run(parsed.GetValue(Rounds), parsed.GetValue(minutes), parsed.GetValue(native), parsed.GetValue(managed), parsed.GetValue(only)!);
        });
        return command;
    }

    private static Command Micro()
    {
        var micro = new Command("micro", "Codec against codec, by BenchmarkDotNet.");
        micro.SetAction(_ => { BenchmarkRunner.Run<PublishEncoding>(); });
        return micro;
    }

    private static Command Sink()
    {
        var sink = new Command("sink", "The peer of the other commands; they start it themselves.") { Hidden = true };
        sink.SetAction(_ => SinkProgram.Run());
        return sink;
    }
}
