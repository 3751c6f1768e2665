using System.CommandLine;

namespace Hub.Benchmarks;

/// <summary>What the program does for which arguments.</summary>
internal static class ScaleCommandLine
{
    private static readonly Option<int> Connections = new("--connections") { Description = "Devices that connect over TLS and stay, 1 to 20000.", DefaultValueFactory = _ => 5_000 };
    private static readonly Option<int> Senders = new("--senders") { Description = "How many of them send telemetry.", DefaultValueFactory = _ => 500 };
    private static readonly Option<int> Rate = new("--rate") { Description = "Messages a second of all of them together; 0 sends as fast as they are acknowledged, 16 in flight each.", DefaultValueFactory = _ => 10_000 };
    private static readonly Option<int> Seconds = new("--seconds") { Description = "How long they send, 1 to 600; the idle time before is as long.", DefaultValueFactory = _ => 20 };
    private static readonly Option<int> Rounds = new("--rounds") { Description = "How often they send that long, to see whether memory grows, 1 to 20.", DefaultValueFactory = _ => 3 };

    /// <summary>The commands.</summary>
    public static RootCommand Build()
    {
        var root = new RootCommand("How many devices and messages the hub emulator carries, as Markdown. Run it in Release: dotnet run -c Release --project bench/Hub.Benchmarks")
        {
            Connections,
            Senders,
            Rate,
            Seconds,
            Rounds,
        };
        root.SetAction(async (parsed, cancellationToken) =>
        {
            var load = new ScaleLoad(
                Math.Clamp(parsed.GetValue(Connections), 1, 20_000),
                Math.Clamp(parsed.GetValue(Senders), 1, parsed.GetValue(Connections)),
                Math.Max(parsed.GetValue(Rate), 0),
                TimeSpan.FromSeconds(Math.Clamp(parsed.GetValue(Seconds), 1, 600)),
                Math.Clamp(parsed.GetValue(Rounds), 1, 20));
            return await ScaleRun.RunAsync(load, cancellationToken);
        });
        var hub = new Command(HubProcess.Word, "The hub of the other command, which starts it itself.") { Hidden = true };
        hub.SetAction((_, cancellationToken) => HubProgram.RunAsync(cancellationToken));
        root.Subcommands.Add(hub);
        return root;
    }
}
