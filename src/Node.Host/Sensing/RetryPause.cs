namespace Node.Host.Sensing;

/// <summary>How long a sick sensor is left alone before it is tried again: 1 s after the first failure, doubling up to a minute.</summary>
internal static class RetryPause
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    public static TimeSpan After(int failures)
    {
        TimeSpan pause = First * Math.Pow(2, Math.Clamp(failures - 1, 0, 16));
        return pause < Longest ? pause : Longest;
    }
}
