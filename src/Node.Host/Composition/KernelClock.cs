using System.Runtime.InteropServices;

namespace Node.Host.Composition;

/// <summary>What the Linux kernel knows of the machine's clock and of its run.</summary>
internal static partial class KernelClock
{
    private const int UnsynchronizedState = 5; // TIME_ERROR, adjtimex(2)
    private const int TimexBytes = 256; // struct timex has 208 bytes on 64-bit machines and fewer on others.

    /// <summary>Whether a time service has set the clock; true as well where the kernel cannot be asked.</summary>
    public static bool IsDisciplined()
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        Span<byte> timex = stackalloc byte[TimexBytes]; // All zero: modes 0 only reads, which needs no privilege.
        timex.Clear();
        return Adjtimex(ref MemoryMarshal.GetReference(timex)) != UnsynchronizedState;
    }

    /// <summary>Whether this is a board that describes itself by a device tree, as every Raspberry Pi does.</summary>
    public static bool IsBoard() => File.Exists("/sys/firmware/devicetree/base/model");

    /// <summary>The run of the machine, on whose monotonic clock all its programs agree; null where the kernel does not name it.</summary>
    public static string? ReadBootId()
    {
        try
        {
            return File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "adjtimex")]
    private static partial int Adjtimex(ref byte timex);
}
