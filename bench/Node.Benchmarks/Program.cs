using System.CommandLine;
using BenchmarkDotNet.Running;
using Node.Benchmarks.Micro;
using Node.Benchmarks.Modes;
using Node.Benchmarks.Sink;

var messages = new Option<int>("--messages") { Description = "Messages in each round.", DefaultValueFactory = _ => 200_000 };
var window = new Option<int>("--window") { Description = "Unacknowledged messages at most.", DefaultValueFactory = _ => 100 };
var rounds = new Option<int>("--rounds") { Description = "Rounds; the medians are printed.", DefaultValueFactory = _ => 5 };

var throughput = new Command("d2c", "Device-to-cloud messages: this client, MQTTnet's two and a floor, against one sink in one run.") { messages, window, rounds };
throughput.SetAction(parsed => Throughput.Run(parsed.GetValue(messages), parsed.GetValue(window), parsed.GetValue(rounds)));
var turns = new Command("turns", "The cost of one DoWork: idle, and with 10,000 messages queued.") { rounds };
turns.SetAction(parsed => Turns.Run(parsed.GetValue(rounds)));
var micro = new Command("micro", "Codec against codec, by BenchmarkDotNet.");
micro.SetAction(_ => { BenchmarkRunner.Run<PublishEncoding>(); });
var sink = new Command("sink", "The peer of the other commands; they start it themselves.") { Hidden = true };
sink.SetAction(_ => SinkProgram.Run());

return new RootCommand("SensorNode benchmarks. Run them in Release: dotnet run -c Release --project bench/Node.Benchmarks -- d2c") { throughput, turns, micro, sink }.Parse(args).Invoke();
