using System.CommandLine;
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
        command.SetAction(parsed => act(Load(parsed.GetRequiredValue(file))));
        return command;
    }

    private static void Validate(BoardFile board) =>
        Console.WriteLine($"{board.Name}: a board of {board.Options.Chips.Count} chips with {board.Options.Faults.Faults.Count} faults, seed {board.Options.Seed}");

    /// <summary>Every fault on a line of its own, the last of them as the command's failure.</summary>
    private static BoardFile Load(string file)
    {
        try
        {
            return BoardFile.Load(file);
        }
        catch (BoardFileException wrong)
        {
            foreach (string fault in wrong.Faults.SkipLast(1)) { Console.Error.WriteLine($"hilrig: {fault}"); }

            throw new RigException(RigFault.UnusableInput, wrong.Faults[^1], wrong);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new RigException(RigFault.UnusableInput, $"{file} cannot be read ({unreadable.Message}); name a board file, as docs/board-file.md describes it.", unreadable);
        }
    }
}
