namespace Node.HubClient.Provisioning;

/// <summary>How long to wait before the service is asked again. What it asks for is a floor that no cap cuts, within an hour.</summary>
internal sealed class PollWait
{
    private const int LongestBackoffSeconds = 64;
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private int _throttled;

    /// <summary>The shortest wait.</summary>
    public static TimeSpan Least { get; } = TimeSpan.FromSeconds(2);

    /// <summary>A new registration.</summary>
    public void Reset() => _throttled = 0;

    /// <summary>After an answer that the registration goes on.</summary>
    /// <param name="asked">The answer's retry-after.</param>
    public TimeSpan Next(TimeSpan? asked)
    {
        _throttled = 0;
        return Floor(asked);
    }

    /// <summary>After a refusal that passes by itself: twice as long each time.</summary>
    /// <param name="asked">The answer's retry-after.</param>
    public TimeSpan Throttled(TimeSpan? asked)
    {
        _throttled++;
        TimeSpan own = TimeSpan.FromSeconds(Math.Min(LongestBackoffSeconds, 1 << Math.Min(_throttled, 6)));
        TimeSpan floor = Floor(asked);
        return floor > own ? floor : own;
    }

    private static TimeSpan Floor(TimeSpan? asked) => asked > Longest ? Longest : asked > Least ? asked.Value : Least;
}
