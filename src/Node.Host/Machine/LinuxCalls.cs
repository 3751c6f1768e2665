using System.Runtime.InteropServices;
using System.Text;

namespace Node.Host.Machine;

/// <summary>The kernel's calls that .NET does not offer: a device node as it is, without a library in between.</summary>
internal static class LinuxCalls
{
    public const int NoEntry = 2;
    public const int NoSuchDevice = 6;
    public const int AccessDenied = 13;
    public const int PermissionDenied = 1;
    public const int Busy = 16;
    public const int NotSupported = 95;

    private const int ReadWrite = 2;
    private const int CloseOnExec = 0x80000;

    /// <summary>Opens a device node for reading and writing.</summary>
    /// <returns>The descriptor, or the negative errno.</returns>
    public static int Open(string path)
    {
        int descriptor = OpenNode(Encoding.UTF8.GetBytes(path + '\0'), ReadWrite | CloseOnExec);
        return descriptor >= 0 ? descriptor : -Marshal.GetLastPInvokeError();
    }

    public static void Close(int descriptor) => _ = CloseNode(descriptor);

    /// <returns>The call's own result, or the negative errno.</returns>
    public static int Control(int descriptor, nuint request, nint argument) => Result(ControlValue(descriptor, request, argument));

    /// <summary>The form whose argument is a structure that the kernel fills or reads.</summary>
    /// <returns>The call's own result, or the negative errno.</returns>
    public static int Control(int descriptor, nuint request, byte[] argument) => Result(ControlBytes(descriptor, request, argument));

    /// <summary>The form whose argument is one machine word that the kernel fills.</summary>
    /// <returns>The call's own result, or the negative errno.</returns>
    public static int Control(int descriptor, nuint request, out nuint argument)
    {
        argument = 0;
        return Result(ControlWord(descriptor, request, ref argument));
    }

    /// <summary>Asks the kernel how its clock is kept: <c>adjtimex</c> with nothing to change.</summary>
    /// <returns>The state (5: not synchronised), or the negative errno.</returns>
    public static int ClockState() => Result(AdjustTime(new byte[ClockStructureBytes]));

    private const int ClockStructureBytes = 256; // struct timex has 208 bytes on 64-bit machines and fewer on others.

    private static int Result(int result) => result >= 0 ? result : -Marshal.GetLastPInvokeError();

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int OpenNode(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    private static extern int CloseNode(int descriptor);

    [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static extern int ControlValue(int descriptor, nuint request, nint argument);

    [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static extern int ControlBytes(int descriptor, nuint request, [In, Out] byte[] argument);

    [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static extern int ControlWord(int descriptor, nuint request, ref nuint argument);

    [DllImport("libc", EntryPoint = "adjtimex", SetLastError = true)]
    private static extern int AdjustTime([In, Out] byte[] state);
}
