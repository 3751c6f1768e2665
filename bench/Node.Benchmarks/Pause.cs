namespace Node.Benchmarks;

/// <summary>Lets time pass without using any CPU: no spinning before the wait, which would count as the client's.</summary>
internal static class Pause
{
    private static readonly ManualResetEvent Never = new(initialState: false);

    /// <summary>Waits; not at all for a time that is over.</summary>
    public static void For(TimeSpan time)
    {
        if (time > TimeSpan.Zero)
        {
            Never.WaitOne(time);
        }
    }
}
