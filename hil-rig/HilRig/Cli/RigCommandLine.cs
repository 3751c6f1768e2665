using System.CommandLine;
using HubEmulator;

namespace HilRig.Cli;

/// <summary>The program's commands, and how their failures become one line and an exit code.</summary>
internal static class RigCommandLine
{
    public static async Task<int> InvokeAsync(string[] args, CancellationToken interrupted)
    {
        ParseResult parsed = Build().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            string path = string.Join(' ', CommandPath(parsed.CommandResult.Command));
            await Console.Error.WriteLineAsync($"hilrig: {InOneLine(parsed.Errors[0].Message)} See '{path} --help'.");
            return ExitCodes.Unusable;
        }
        var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        try
        {
            return await parsed.InvokeAsync(invocation, interrupted);
        }
        catch (RigException fault)
        {
            await Console.Error.WriteLineAsync($"hilrig: {fault.Message}");
            return fault.ExitCode;
        }
        catch (LocalHubException fault)
        {
            await Console.Error.WriteLineAsync($"hilrig: {fault.Message}");
            return fault.Fault == LocalHubFault.InvalidOption ? ExitCodes.Unusable : ExitCodes.Failed;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"hilrig: {fault.Message}");
            return ExitCodes.Failed;
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("hilrig: interrupted");
            return ExitCodes.Failed;
        }
    }

    internal static RootCommand Build() => new("Drives a sensor node, emulated or real, from outside, and judges it.")
    {
        UpCommand.Build(),
        FleetCommand.Build(),
        HubCommand.Build(),
        RunCommand.Build(),
        BusCommand.Build(),
        ShimCommand.Build(),
        TwinCommand.Build(),
        MethodCommand.Build(),
        BoardCommand.Build(),
        TraceCommand.Build(),
    };

    private static string InOneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static IEnumerable<string> CommandPath(Command command)
    {
        IEnumerable<string> parents = command.Parents.OfType<Command>().Take(1).SelectMany(CommandPath);
        return parents.Append(command is RootCommand ? "hilrig" : command.Name);
    }
}
