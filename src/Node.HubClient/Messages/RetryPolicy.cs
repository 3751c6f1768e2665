namespace Node.HubClient;

/// <summary>
/// How waits grow between connection attempts (<c>IOTHUB_CLIENT_RETRY_POLICY</c>, same order). The first attempt after a loss
/// comes at once under every policy but <see cref="None"/>. A refused identity follows its own, slower ladder.
/// </summary>
public enum RetryPolicy
{
    /// <summary>Never retry by itself. Token renewal is no retry and goes on.</summary>
    None,

    /// <summary>At once, every time.</summary>
    Immediate,

    /// <summary>The same wait every time: the interval, 5 s by default.</summary>
    Interval,

    /// <summary>The interval (5 s by default), then twice, three times … up to the maximum delay.</summary>
    LinearBackoff,

    /// <summary>The interval (1 s by default), doubled each time up to the maximum delay.</summary>
    ExponentialBackoff,

    /// <summary>As <see cref="ExponentialBackoff"/>, each wait spread by 10 % to both sides. The default.</summary>
    ExponentialBackoffWithJitter,

    /// <summary>A wait drawn between nothing and the interval (5 s by default).</summary>
    Random,
}
