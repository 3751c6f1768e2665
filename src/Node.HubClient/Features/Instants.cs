namespace Node.HubClient.Features;

/// <summary>Instants of the monotonic clock.</summary>
internal static class Instants
{
    /// <summary>So long from now; <see cref="long.MaxValue"/> for what lies beyond the clock's end.</summary>
    public static long After(TimeSpan time, TimeProvider clock)
    {
        long now = clock.GetTimestamp();
        double ticks = time.TotalSeconds * clock.TimestampFrequency;
        return ticks < long.MaxValue - now ? now + (long)ticks : long.MaxValue;
    }
}
