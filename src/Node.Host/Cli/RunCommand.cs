using System.CommandLine;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Methods;
using Node.Host.Spool;
using Node.Sensors.Bus;

namespace Node.Host.Cli;

/// <summary><c>sensornode run</c>: samples, stores and sends until told to stop.</summary>
internal static partial class RunCommand
{
    public static Command Create(Option<string[]> settings, NodeClock clock)
    {
        var command = new Command("run", "Samples, stores and sends until it is told to stop (Ctrl-C or SIGTERM).")
        {
            new Option<bool>(Settings.Emulate) { Description = "Emulated chips in place of the machine's buses: Node:Bus:Provider=emulated." },
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, settings, clock, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Option<string[]> settings, NodeClock clock, CancellationToken cancellationToken)
    {
        using var signals = new StopSignals(cancellationToken);
        if (!Settings.TryLoad(parsed, settings, out IConfigurationRoot configuration, out LoadedConfiguration loaded))
        {
            return NodeCommandLine.Unusable;
        }

        if (!DataFolders.TryUse(loaded.Options.DataFolder, out string reason))
        {
            return NodeCommandLine.Refuse($"Node:DataFolder: {reason}");
        }

        try
        {
            BootRecord boot = BootRecord.Begin(loaded.Options.DataFolder, loaded.Options.BadBoots);
            NodeOptions options = boot.IsSafeMode ? loaded.Options.ForSafeMode() : loaded.Options;
            await using WebApplication app = NodeApplication.Build(options, configuration, clock, boot, () => Settings.Load(parsed, settings, out _));
            await RunAsync(app, loaded, signals.Token);
            return app.Services.GetRequiredService<NodeRestart>().IsWanted ? NodeRestart.ExitCode : NodeCommandLine.Done;
        }
        catch (FormatException malformed)
        {
            return NodeCommandLine.Refuse($"Node:Hub:ConnectionString: {malformed.Message}");
        }
        catch (InvalidDataException malformed)
        {
            return NodeCommandLine.Refuse($"Node:Bus:Emulated:Trace: {malformed.Message}");
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            return NodeCommandLine.Refuse($"{taken.Message} Set Node:Http:Port to a free port, or 0 for any.", NodeCommandLine.Failed);
        }
        catch (SocketException refused)
        {
            return NodeCommandLine.Refuse(
                $"Node:Http: {loaded.Options.Http.Address}:{loaded.Options.Http.Port} cannot be listened on ({refused.Message}); set Node:Http:Address to an address of this machine, and Node:Http:Port to one that this user may use (1024 and above, as a rule)",
                NodeCommandLine.Failed);
        }
        catch (IOException inTheWay)
        {
            return NodeCommandLine.Refuse($"{inTheWay.Message}; free space in {loaded.Options.DataFolder}, or name another folder as Node:DataFolder", NodeCommandLine.Failed);
        }
        catch (SensorException absent)
        {
            return NodeCommandLine.Refuse(absent.Message, NodeCommandLine.Failed);
        }
        catch (SpoolException unusable)
        {
            return NodeCommandLine.Refuse(unusable.Message, NodeCommandLine.Failed);
        }
    }

    private static async Task RunAsync(WebApplication app, LoadedConfiguration loaded, CancellationToken cancellationToken)
    {
        ILogger logger = app.Services.Logger("Node");
        foreach (string warning in loaded.Warnings)
        {
            LogWarning(logger, warning);
        }

        if (!await TryStartAsync(app, cancellationToken))
        {
            LogStoppedEarly(logger);
            await app.StopAsync(CancellationToken.None);
            return;
        }

        string url = NodeApplication.HttpUrl(app);
        string folder = loaded.Options.DataFolder;
        RunningNode.Write(folder, new RunningNode(Environment.ProcessId, url, app.Services.GetRequiredService<NodeIdentity>().BootId));
        LogListening(logger, url);
        await app.WaitForShutdownAsync(cancellationToken);
        RunningNode.Remove(folder);
    }

    /// <summary>Starts the node; false when it was told to stop meanwhile.</summary>
    private static async Task<bool> TryStartAsync(WebApplication app, CancellationToken cancellationToken)
    {
        try
        {
            await NodeStart.PrepareAsync(app.Services, cancellationToken);
            await app.StartAsync(cancellationToken);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested || app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return false;
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "{Warning}")]
    private static partial void LogWarning(ILogger logger, string warning);

    [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "Told to stop before the node was up; it ends in order")]
    private static partial void LogStoppedEarly(ILogger logger);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Status page at {Url}")]
    private static partial void LogListening(ILogger logger, string url);
}
