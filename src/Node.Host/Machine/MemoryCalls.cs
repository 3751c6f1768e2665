using System.Runtime.InteropServices;

namespace Node.Host.Machine;

/// <summary>What kernel and C library offer for giving memory back. Linux only; a C library without these calls, such as musl, keeps next to nothing and needs none.</summary>
internal static class MemoryCalls
{
    private const int NotNeeded = 4; // MADV_DONTNEED, madvise(2)
    private const int TrimThreshold = -1; // M_TRIM_THRESHOLD and those below, mallopt(3)
    private const int MapThreshold = -3;
    private const int MostArenas = -8;

    private const int LargeBytes = 128 * 1024; // The default of both thresholds.

    /// <summary>
    /// Lets the C library give back what is freed. By default each thread gets a pool of its own, and the sizes from which freed memory goes back grow with what is asked for, so that
    /// the third of a megabyte in which a few readings are compressed would stay with the thread for ever, some times over. To be called before other threads allocate.
    /// </summary>
    public static void KeepLittle()
    {
        if (Has("mallopt"))
        {
            _ = Set(MostArenas, 2);
            _ = Set(MapThreshold, LargeBytes);
            _ = Set(TrimThreshold, LargeBytes);
        }
    }

    /// <summary>Gives back what the C library holds of freed memory by now.</summary>
    public static void Trim()
    {
        if (Has("malloc_trim"))
        {
            _ = TrimTo(0);
        }
    }

    /// <summary>Lets go of pages that are a file's. The next touch brings them back.</summary>
    /// <returns>Whether the kernel agreed.</returns>
    public static bool TryLetGo(nint start, nint length) => Advise(start, length, NotNeeded) == 0;

    private static bool Has(string call) => OperatingSystem.IsLinux() && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), call, out _);

    [DllImport("libc", EntryPoint = "mallopt")]
    private static extern int Set(int parameter, int value);

    [DllImport("libc", EntryPoint = "malloc_trim")]
    private static extern int TrimTo(nuint pad);

    [DllImport("libc", EntryPoint = "madvise")]
    private static extern int Advise(nint start, nint length, int advice);
}
