using System.CommandLine;
using Node.Host.Composition;

namespace Node.Host.Cli;

/// <summary><c>sensornode version</c>: the program's version alone, for scripts.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        var command = new Command("version", "Prints the program's version.");
        command.SetAction(_ => Console.WriteLine(NodeIdentity.ProgramVersion));
        return command;
    }
}
