using System.CommandLine;
using HilRig.BusServer;
using Node.Sensors.Emulation;

namespace HilRig.Cli;

/// <summary><c>hilrig board</c>: checks and explains board files.</summary>
internal static class BoardCommand
{
    public static Command Build() => new("board", "Check and explain a board file: chips, their world and their faults.")
    {
        Action("validate", "Check a board file. Exit code 0: usable; 2: not, and every fault is named with line, field and remedy.", Validate),
        Action("describe", "Show each chip's registers and commands, and the plan of faults.", static board => BoardText.Describe(board, Console.Out)),
        Action("list", "Show one line for each chip: name, chip, place, pins.", static board => BoardText.List(board, Console.Out)),
    };

    private static Command Action(string name, string description, Action<BoardFile> act)
    {
        Argument<string> file = new("FILE") { Description = "The board file." };
        Command command = new(name, description) { file };
        command.SetAction(parsed => act(BoardSource.Load(parsed.GetRequiredValue(file))));
        return command;
    }

    private static void Validate(BoardFile board) =>
        Console.WriteLine($"{board.Name}: a board of {board.Options.Chips.Count} chips with {board.Options.Faults.Faults.Count} faults, seed {board.Options.Seed}");
}
