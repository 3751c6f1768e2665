using System.Diagnostics;

namespace Node.HubClient.Connection;

/// <summary>
/// When to try again. A lost network climbs in seconds; a refused identity climbs a slower ladder of its own in minutes, since
/// asking again at once costs data and changes nothing. Jitter lies on both sides of the wait, the cap included, so that a
/// fleet does not gather there. The count starts anew only after a connection has proved stable.
/// </summary>
internal sealed class RetrySchedule(RetryPolicy policy, Random random)
{
    /// <summary>How long a connection must last before the schedule forgets earlier failures.</summary>
    public static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(30);

    private const double Jitter = 0.1;
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan NetworkCap = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstRefusal = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RefusalCap = TimeSpan.FromMinutes(15);

    private int _losses;
    private int _refusals;

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
        return policy is RetryPolicy.None ? null : _losses == 1 ? TimeSpan.Zero : Wait(_losses - 1);
    }

    /// <summary>The wait after a refused identity: 10 s, 20 s, 40 s … 15 min, spread by 10 %; null when the policy never retries.</summary>
    public TimeSpan? AfterRefusal()
    {
        _refusals++;
        return policy is RetryPolicy.None ? null : Spread(Doubled(FirstRefusal, _refusals, RefusalCap));
    }

    private TimeSpan Wait(int count) => policy switch
    {
        RetryPolicy.Immediate => TimeSpan.Zero,
        RetryPolicy.Interval => FirstInterval,
        RetryPolicy.LinearBackoff => Least(FirstInterval * count, NetworkCap),
        RetryPolicy.ExponentialBackoff => Doubled(FirstBackoff, count, NetworkCap),
        RetryPolicy.ExponentialBackoffWithJitter => Spread(Doubled(FirstBackoff, count, NetworkCap)),
        RetryPolicy.Random => FirstInterval * random.NextDouble(),
        _ => throw new UnreachableException($"retry policy {policy}"),
    };

    private TimeSpan Spread(TimeSpan wait) => wait * (1 + (Jitter * ((2 * random.NextDouble()) - 1)));

    private static TimeSpan Doubled(TimeSpan first, int count, TimeSpan cap) =>
        count > 30 ? cap : Least(first * (1L << (count - 1)), cap);

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
