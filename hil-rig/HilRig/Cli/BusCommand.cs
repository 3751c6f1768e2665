using System.CommandLine;
using HilRig.BusServer;
using Node.Sensors.Bus.Remote;
using Node.Sensors.Emulation;

namespace HilRig.Cli;

/// <summary><c>hilrig bus serve</c>: emulated chips for programs that somebody else starts.</summary>
internal static class BusCommand
{
    private static readonly Option<string?> Listen = new("--listen")
    {
        Description = "Where to listen: unix:PATH or tcp:HOST:PORT, port 0 for any free one (default: bus.sock in the folder of --data). Whoever can connect works the chips, so keep TCP on 127.0.0.1.",
        HelpName = "ADDRESS",
    };

    private static readonly Option<string?> Data = new("--data") { Description = "The folder of the socket (default: sensornode-rig in the user's runtime folder).", HelpName = "DIR" };

    public static Command Build()
    {
        var serve = new Command("serve", "Serve a board of emulated chips until interrupted: set Node:Bus:Provider=remote and Node:Bus:Remote to its address. The chips keep state and power while nodes come and go.")
        {
            BoardChoice.Board,
            BoardChoice.Seed,
            BoardChoice.Trace,
            BoardChoice.Record,
            Listen,
            Data,
        };
        serve.SetAction(ServeAsync);
        return new Command("bus", "Emulated chips for programs outside the rig.") { serve };
    }

    private static async Task<int> ServeAsync(ParseResult parsed, CancellationToken interrupted)
    {
        EmulatedBoard board = BoardChoice.Open(parsed, TimeProvider.System);
        RemoteBusEndpoint endpoint = parsed.GetValue(Listen) is { } named ? ServedBoard.Parse(named) : ServedBoard.SocketIn(DataFolder(parsed.GetValue(Data)));
        await using ServedBoard served = ServedBoard.Start(board, endpoint, TimeProvider.System, line => Console.Error.WriteLine($"hilrig: {line}"), parsed.GetValue(BoardChoice.Record));
        foreach (string line in BusText.Lines(board))
        {
            Console.WriteLine(line);
        }
        Console.WriteLine($"bus ready at {served.Endpoint}; for the node: Node__Bus__Provider=remote Node__Bus__Remote={served.Endpoint}");
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = interrupted.Register(stopped.SetResult);
        await stopped.Task;
        return ExitCodes.Passed;
    }

    // A Unix socket's path is short, and only this user may reach it.
    private static string DataFolder(string? named)
    {
        string runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } own ? own : Path.Combine(Path.GetTempPath(), Environment.UserName);
        return Directory.CreateDirectory(named ?? Path.Combine(runtime, "sensornode-rig")).FullName;
    }
}
