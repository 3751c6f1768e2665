namespace Node.Host.Machine;

/// <summary>
/// What a start and a handshake leave behind: code that is done, certificates that were read, configuration that was parsed, a heap that was larger for a moment. Kernel, runtime and
/// C library keep it in the process for want of a reason not to; here it goes back to the machine.
/// </summary>
internal static class StartLeftovers
{
    /// <summary>Gives it back. Takes some ms, in which the program stands still.</summary>
    public static void Release()
    {
        if (OperatingSystem.IsLinux())
        {
            FileMappings.Release();
        }

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        MemoryCalls.Trim();
    }
}
