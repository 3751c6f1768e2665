using System.ComponentModel;
using System.Runtime.InteropServices;

namespace HilRig.Bench;

/// <summary>Sends the signals that .NET's Process cannot: <c>kill(2)</c>.</summary>
internal static partial class PosixSignals
{
    private const int Sigterm = 15; // the same number on Linux and macOS
    private const int NoSuchProcess = 3;

    /// <summary>Asks a process to end. A process that is already gone is no fault.</summary>
    /// <exception cref="Win32Exception">The signal was not permitted.</exception>
    /// <exception cref="PlatformNotSupportedException">The system has no signals.</exception>
    public static void Terminate(int processId)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("the rig stops nodes by SIGTERM: run it on Linux, on macOS or under WSL");
        }
        if (Kill(processId, Sigterm) != 0 && Marshal.GetLastPInvokeError() is var error and not NoSuchProcess)
        {
            throw new Win32Exception(error);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
