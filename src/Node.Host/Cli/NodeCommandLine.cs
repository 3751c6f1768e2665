using System.CommandLine;
using Node.Host.Composition;

namespace Node.Host.Cli;

/// <summary>The program's verbs. A user's mistake is one line on standard error with what to do next, and exit code 2.</summary>
internal static class NodeCommandLine
{
    public const int Done = 0;

    public const int Failed = 1;

    public const int Unusable = 2;

    public static async Task<int> RunAsync(string[] arguments, NodeClock clock)
    {
        ParseResult parsed = Create(clock).Parse(arguments);
        if (parsed.UnmatchedTokens.Count > 0)
        {
            return Refuse($"'{parsed.UnmatchedTokens[0]}' is not understood; see 'sensornode --help'");
        }

        if (parsed.Errors.Count > 0)
        {
            return Refuse(parsed.Errors[0].Message.TrimEnd('.') + "; see 'sensornode --help'");
        }

        // The host ends the process by itself when told to; the library's own time-out would cut the stop short.
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    /// <summary>Says what is wrong in one line and gives the exit code.</summary>
    public static int Refuse(string problem, int exitCode = Unusable)
    {
        Console.Error.WriteLine($"sensornode: {problem.ReplaceLineEndings(" ")}");
        return exitCode;
    }

    private static RootCommand Create(NodeClock clock)
    {
        var settings = new Option<string[]>("--set")
        {
            Description = "Overrides a setting, for example --set Node:Http:Port=0. May be repeated. Not for secrets: others see a command line.",
            Recursive = true,
            HelpName = "KEY=VALUE",
        };
        return new RootCommand("Reads sensors, keeps every reading safe and sends it to Azure IoT Hub.")
        {
            settings,
            RunCommand.Create(settings, clock),
            ReadCommand.Create(settings, clock),
            ScanCommand.Create(settings, clock),
            DoctorCommand.Create(settings, clock),
            ConfigCommand.Create(settings),
            ProvisionCommand.Create(settings, clock),
            ModelCommand.Create(settings),
            HealthCommand.Create(settings),
            SpoolCommand.Create(settings, clock),
            VersionCommand.Create(),
        };
    }
}
