namespace Node.HubClient.Tests.Support;

/// <summary>What code allocates on the thread that runs it.</summary>
internal static class Allocated
{
    /// <summary>
    /// Bytes that these turns allocate. A count above zero is taken once more: tables of the runtime that all threads of a test run share grow now and then on whichever thread fills
    /// them, while what a turn allocates comes again.
    /// </summary>
    public static long BytesIn(int turns, Action turn)
    {
        long first = Once(turns, turn);
        return first == 0 ? 0 : Math.Min(first, Once(turns, turn));
    }

    private static long Once(int turns, Action turn)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int at = 0; at < turns; at++)
        {
            turn();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
