using System.CommandLine;
using HilRig.Bench;
using HilRig.BusServer;
using HilRig.Shim;
using Node.Sensors.Emulation;

namespace HilRig.Cli;

/// <summary><c>hilrig shim</c>: any program on emulated device nodes.</summary>
internal static class ShimCommand
{
    private static readonly Argument<string[]> Program = new("COMMAND") { Description = "The program and its arguments, after --.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> Data = new("--data") { Description = "Where the built library is kept (default: the user's cache folder).", HelpName = "DIR" };

    public static Command Build() => new("shim", "Show emulated chips to unmodified programs as /dev/i2c-N, /dev/spidevB.C and /dev/gpiochip0 (Linux, needs a C compiler).")
    {
        BuildOnly(),
        Run(),
    };

    private static Command BuildOnly()
    {
        var command = new Command("build", "Build the preload library when its sources are newer, and print its path. Test equipment: never ship it.") { Data };
        command.SetAction(async (parsed, interrupted) =>
        {
            ShimLibrary library = await ShimLibrary.BuildAsync(Folder(parsed), warningsAreErrors: false, interrupted);
            Console.WriteLine(library.Path);
            return ExitCodes.Passed;
        });
        return command;
    }

    private static Command Run()
    {
        var command = new Command("run", "Run a command with the board's chips as its device nodes; the exit code is the command's.")
        {
            BoardChoice.Board,
            BoardChoice.Seed,
            BoardChoice.Trace,
            BoardChoice.Record,
            Data,
            Program,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken interrupted)
    {
        ShimLibrary library = await ShimLibrary.BuildAsync(Folder(parsed), warningsAreErrors: false, interrupted);
        using var folder = new TemporaryFolder("hilrig-shim-");
        EmulatedBoard board = BoardChoice.Open(parsed, TimeProvider.System);
        await using ServedBoard served = ServedBoard.Start(board, ServedBoard.SocketIn(folder.Path), TimeProvider.System, line => Console.Error.WriteLine($"hilrig: {line}"), parsed.GetValue(BoardChoice.Record));
        return await new ShimmedCommand(library, served).RunAsync(parsed.GetRequiredValue(Program), interrupted);
    }

    private static string Folder(ParseResult parsed) => parsed.GetValue(Data) ?? ShimLibrary.DefaultFolder();
}
