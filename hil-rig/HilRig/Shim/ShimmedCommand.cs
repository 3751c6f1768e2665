using System.ComponentModel;
using System.Diagnostics;
using HilRig.Bench;
using HilRig.BusServer;

namespace HilRig.Shim;

/// <summary>A command that runs with the rig's chips as its device nodes, in the terminal of the rig.</summary>
internal sealed class ShimmedCommand(ShimLibrary library, ServedBoard board)
{
    /// <summary>Runs it to its end. A stop of the rig is passed on to it.</summary>
    /// <returns>The command's exit code.</returns>
    /// <exception cref="RigException">It would not start.</exception>
    public async Task<int> RunAsync(IReadOnlyList<string> command, CancellationToken interrupted)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1));
        foreach ((string name, string value) in library.Environment(board.Endpoint))
        {
            start.Environment[name] = value;
        }
        try
        {
            using Process process = Process.Start(start)!;
            await using CancellationTokenRegistration stop = interrupted.Register(() => PosixSignals.Terminate(process.Id));
            await process.WaitForExitAsync(CancellationToken.None);
            return process.ExitCode;
        }
        catch (Win32Exception fault)
        {
            throw new RigException(RigFault.UnusableInput, $"{command[0]}: would not start ({fault.Message}); give the command after --", fault);
        }
    }
}
