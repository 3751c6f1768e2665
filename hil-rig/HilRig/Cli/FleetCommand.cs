using System.CommandLine;
using HilRig.Bench;
using HilRig.Fleet;
using HilRig.Up;

namespace HilRig.Cli;

/// <summary><c>hilrig fleet</c>: many nodes against one hub.</summary>
internal static class FleetCommand
{
    private static readonly Option<int> Nodes = new("--nodes")
    {
        Description = $"How many nodes, 1 to {FleetOptions.MostNodes}; each is a process of its own.",
        HelpName = "N",
        Required = true,
    };

    private static readonly Option<int> For = new("--for")
    {
        Description = "How long they run once all are connected (or 60 s after the last start), 5 to 86400 s; exit code 1 when one of them lost a reading, never connected or did not stop cleanly.",
        HelpName = "SECONDS",
        Required = true,
    };

    private static readonly Option<int> Outage = new("--outage") { Description = "Takes the hub away in the middle for so long, at most half the time of --for.", HelpName = "SECONDS" };

    private static readonly Option<string?> Summary = new("--summary") { Description = "Write a JSON summary to this file at the end.", HelpName = "FILE" };

    private static readonly Option<string?> Data = new("--data") { Description = "Keep the hub's and the nodes' data in this folder (default: a temporary one).", HelpName = "DIR" };

    static FleetCommand()
    {
        Nodes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > FleetOptions.MostNodes)
            {
                result.AddError($"--nodes takes 1 to {FleetOptions.MostNodes}.");
            }
        });
        For.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 5 or > 86_400)
            {
                result.AddError("--for takes 5 to 86400 seconds.");
            }
        });
    }

    public static Command Build()
    {
        var command = new Command("fleet", "Start many nodes with emulated chips against one hub, and count at the end what became of every reading.") { Nodes, For, Outage, Summary, Data };
        command.Validators.Add(result =>
        {
            int outage = result.GetValue(Outage);
            if (outage < 0 || outage * 2 > result.GetValue(For))
            {
                result.AddError("--outage takes 0 to half the seconds of --for.");
            }
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static Task<int> RunAsync(ParseResult parsed, CancellationToken interrupted)
    {
        var options = new FleetOptions
        {
            Nodes = parsed.GetValue(Nodes),
            For = TimeSpan.FromSeconds(parsed.GetValue(For)),
            Outage = TimeSpan.FromSeconds(parsed.GetValue(Outage)),
            SummaryFile = parsed.GetValue(Summary),
            DataFolder = parsed.GetValue(Data),
        };
        var line = new LiveLine(Console.Out, isTerminal: !Console.IsOutputRedirected, TimeProvider.System);
        return new FleetSession(options, NodeProgram.Find(), line, TimeProvider.System).RunAsync(interrupted);
    }
}
