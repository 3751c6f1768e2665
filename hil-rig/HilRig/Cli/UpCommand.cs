using System.CommandLine;
using HilRig.Bench;
using HilRig.BusServer;
using HilRig.Service;
using HilRig.Up;

namespace HilRig.Cli;

/// <summary><c>hilrig up</c>: hub, node and dashboard in one command.</summary>
internal static class UpCommand
{
    private static readonly Option<int?> For = new("--for")
    {
        Description = "End after this many seconds (5 to 86400), having changed the interval and toggled the LED once; exit code 1 when a promise did not hold.",
        HelpName = "SECONDS",
    };

    private static readonly Option<string?> Summary = new("--summary") { Description = "Write a JSON summary to this file at the end.", HelpName = "FILE" };

    private static readonly Option<string?> Trace = new("--trace") { Description = "Feed the emulated chips from this CSV trace instead of the generated room.", HelpName = "FILE" };

    private static readonly Option<string?> Data = new("--data") { Description = "Keep the hub's and the node's data in this folder (default: a temporary one).", HelpName = "DIR" };

    private static readonly Option<bool> Verbose = new("--verbose") { Description = "Show the node's own log on standard error." };

    static UpCommand()
    {
        For.Limit(5, 86_400, " seconds");
    }

    public static Command Build()
    {
        var command = new Command("up", "Start a hub and a node with emulated chips on this machine, and show what they do. Ctrl-C stops all.")
        {
            For,
            Summary,
            Trace,
            BusChoice.Bus,
            BoardChoice.Board,
            Data,
            Verbose,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken interrupted)
    {
        BenchBus bus = parsed.GetValue(BusChoice.Bus) ?? BenchBus.Emulated;
        var options = new UpOptions
        {
            For = parsed.GetValue(For) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            SummaryFile = parsed.GetValue(Summary),
            Trace = UsableTrace(parsed.GetValue(Trace)),
            Bus = bus,
            Shim = await BusChoice.ShimAsync(bus, interrupted),
            Board = UsableBoard(parsed.GetValue(BoardChoice.Board), bus),
            DataFolder = parsed.GetValue(Data),
            Verbose = parsed.GetValue(Verbose),
        };
        var line = new LiveLine(Console.Out, isTerminal: !Console.IsOutputRedirected, TimeProvider.System);
        Action<string>? echo = options.Verbose ? text => Console.Error.WriteLine($"node | {text}") : null;
        var session = new UpSession(options, NodeProgram.Find(), LastHub.OfThisUser(), line, echo, TimeProvider.System);
        return await session.RunAsync(interrupted);
    }

    private static string? UsableBoard(string? path, BenchBus bus)
    {
        if (path is not null)
        {
            BoardSource.Load(path);
        }
        return path is null || bus is not BenchBus.Emulated
            ? path
            : throw new RigException(RigFault.UnusableInput, "--board needs --bus remote or --bus shim; a node with its own chips takes Node:Bus:EmulatedBoard");
    }

    private static string? UsableTrace(string? path)
    {
        if (path is null)
        {
            return null;
        }
        string? fault = File.Exists(path) ? TraceFile.Fault(path) : $"{path}: no such trace";
        return fault is null
            ? Path.GetFullPath(path)
            : throw new RigException(RigFault.UnusableInput, $"{fault}; name a CSV file, or leave --trace out for the generated room");
    }
}
