using System.CommandLine;
using System.Text.Json;
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
        Coverage(),
        Action("list", "Show one line for each chip: name, chip, place, pins.", static board => BoardText.List(board, Console.Out)),
    };

    private static Command Action(string name, string description, Action<BoardFile> act)
    {
        Argument<string> file = new("FILE") { Description = "The board file." };
        Command command = new(name, description) { file };
        command.SetAction(parsed => act(BoardSource.Load(parsed.GetRequiredValue(file))));
        return command;
    }

    private static Command Coverage()
    {
        Argument<string> file = new("FILE") { Description = "The board file." };
        Argument<string> trace = new("TRACE") { Description = "What a node recorded on such a board (Node:Bus:RecordTrace)." };
        Option<bool> json = new("--json") { Description = "One JSON object for each chip." };
        Option<double> least = new("--at-least") { Description = "Exit code 1 when a chip's coverage in percent is below.", HelpName = "PERCENT" };
        Command command = new("coverage", "Show which registers, bits and commands of each chip a recorded run touched.") { file, trace, json, least };
        command.SetAction(parsed =>
        {
            IReadOnlyList<ChipCoverage> report = BoardCoverage.Of(BoardSource.Load(parsed.GetRequiredValue(file)), TraceCommand.Load(parsed.GetRequiredValue(trace)));
            foreach (ChipCoverage chip in report) { Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(chip) : chip.ToString()); }

            return report.All(chip => 100 * chip.Ratio >= parsed.GetValue(least)) ? ExitCodes.Passed : ExitCodes.Failed;
        });
        return command;
    }

    private static void Validate(BoardFile board) =>
        Console.WriteLine($"{board.Name}: a board of {board.Options.Chips.Count} chips with {board.Options.Faults.Faults.Count} faults, seed {board.Options.Seed}");
}
