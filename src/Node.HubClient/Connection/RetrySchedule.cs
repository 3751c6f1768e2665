using System.Diagnostics;

namespace Node.HubClient.Connection;

/// <summary>
/// When to try again. A lost network climbs in seconds; a refused identity climbs a slower ladder of its own in minutes, since
/// asking again at once costs data and changes nothing. Jitter lies on both sides of the wait, the cap included, so that a
/// fleet does not gather there. The count starts anew only after a connection has proved stable.
/// </summary>
internal sealed class RetrySchedule(Random random)
{
    /// <summary>How long a connection must last before the schedule forgets earlier failures.</summary>
    public static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(30);

    private const double Jitter = 0.1;
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstRefusal = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RefusalCap = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan FirstEviction = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan EvictionCap = TimeSpan.FromMinutes(5);

    private int _losses;
    private int _refusals;

    /// <summary>The policy in force.</summary>
    public RetryPolicy Policy { get; private set; } = RetryPolicy.ExponentialBackoffWithJitter;

    /// <summary>Time after the first failure in a row at which the schedule gives up; zero for never.</summary>
    public TimeSpan Limit { get; private set; }

    /// <summary>Base of every policy's waits; null for 1 s (exponential) or 5 s (the others).</summary>
    public TimeSpan? Interval { get; set; }

    /// <summary>Longest wait of the linear and exponential policies. Default 30 s.</summary>
    public TimeSpan MaximumDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Sets another policy and forgets all failures; interval and maximum delay stay as they were set.</summary>
    public void Set(RetryPolicy policy, TimeSpan limit)
    {
        Policy = policy;
        Limit = limit;
        Reset();
    }

    /// <summary>Forgets all failures.</summary>
    public void Reset()
    {
        _losses = 0;
        _refusals = 0;
    }

    /// <summary>
    /// The wait after a lost link or a failed attempt: none for the first, then by the policy; null when the policy never retries.
    /// </summary>
    public TimeSpan? AfterLoss()
    {
        _losses++;
        return Policy is RetryPolicy.None ? null : _losses == 1 ? TimeSpan.Zero : Wait(_losses - 1);
    }

    /// <summary>The wait after a refused identity: 10 s, 20 s, 40 s … 15 min, spread by 10 %; null when the policy never retries.</summary>
    public TimeSpan? AfterRefusal()
    {
        _refusals++;
        return Policy is RetryPolicy.None ? null : Spread(Doubled(FirstRefusal, _refusals, RefusalCap));
    }

    /// <summary>
    /// The wait after another client took over for the n-th time, counted from 1: 15 s, 30 s … 5 min, spread by 10 %; null when the policy
    /// never retries.
    /// </summary>
    public TimeSpan? AfterEviction(int times)
    {
        _losses++;
        return Policy is RetryPolicy.None ? null : Spread(Doubled(FirstEviction, times, EvictionCap));
    }

    private TimeSpan Wait(int count) => Policy switch
    {
        RetryPolicy.Immediate => TimeSpan.Zero,
        RetryPolicy.Interval => Interval ?? FirstInterval,
        RetryPolicy.LinearBackoff => Times(Interval ?? FirstInterval, count, MaximumDelay),
        RetryPolicy.ExponentialBackoff => Doubled(Interval ?? FirstBackoff, count, MaximumDelay),
        RetryPolicy.ExponentialBackoffWithJitter => Spread(Doubled(Interval ?? FirstBackoff, count, MaximumDelay)),
        RetryPolicy.Random => (Interval ?? FirstInterval) * random.NextDouble(),
        _ => throw new UnreachableException($"retry policy {Policy}"),
    };

    private TimeSpan Spread(TimeSpan wait) => wait * (1 + (Jitter * ((2 * random.NextDouble()) - 1)));

    private static TimeSpan Doubled(TimeSpan first, int count, TimeSpan cap) => Times(first, count > 30 ? int.MaxValue : 1L << (count - 1), cap);

    /// <summary>The product or the cap, whichever is less; compared as numbers first, since the product may be longer than any time.</summary>
    private static TimeSpan Times(TimeSpan first, long factor, TimeSpan cap) => first.TotalSeconds * factor < cap.TotalSeconds ? first * factor : cap;
}
