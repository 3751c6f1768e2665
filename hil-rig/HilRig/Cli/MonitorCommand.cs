using System.CommandLine;
using HilRig.Service;

namespace HilRig.Cli;

/// <summary><c>hilrig hub monitor</c>: shows what a running hub receives, and who connects and leaves, until interrupted.</summary>
internal static class MonitorCommand
{
    private const int MostShownAtFirst = 1000;

    private static readonly Option<string?> Device = new("--device") { Description = "Show this device only (default: all).", HelpName = "ID" };

    private static readonly Option<int> Last = new("--last")
    {
        Description = $"Begin with this many of the newest messages, 0 to {MostShownAtFirst} (default: 0, only what comes from now on).",
        HelpName = "N",
    };

    static MonitorCommand()
    {
        Last.Limit(0, MostShownAtFirst);
    }

    public static Command Build()
    {
        var command = new Command("monitor", "Show telemetry, connections and faults of a running hub, live. Ctrl-C ends it.") { Device, Last, HubChoice.Hub, HubChoice.Data, HubChoice.Json };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken interrupted)
    {
        HubFile hub = HubChoice.Find(parsed);
        using var service = new ServiceClient(hub, TimeProvider.System);
        var screen = new MonitorText(Console.Out, parsed.GetValue(HubChoice.Json), parsed.GetValue(Device), TimeProvider.System);
        var monitor = new HubMonitor(service, screen, TimeProvider.System);
        await monitor.BeginAsync(parsed.GetValue(Last), interrupted);
        screen.Note($"listening to {hub.HostName}");
        try
        {
            await monitor.FollowAsync(interrupted);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            // Ctrl-C is how a monitor ends.
        }

        return ExitCodes.Passed;
    }
}
