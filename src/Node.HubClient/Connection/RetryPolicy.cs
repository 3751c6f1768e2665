namespace Node.HubClient.Connection;

/// <summary>How waits grow between connection attempts (<c>IOTHUB_CLIENT_RETRY_POLICY</c>, same order).</summary>
internal enum RetryPolicy
{
    /// <summary>Never retry.</summary>
    None,

    /// <summary>At once, every time.</summary>
    Immediate,

    /// <summary>The same wait every time.</summary>
    Interval,

    /// <summary>The wait grows by itself.</summary>
    LinearBackoff,

    /// <summary>The wait doubles.</summary>
    ExponentialBackoff,

    /// <summary>The wait doubles, spread by chance.</summary>
    ExponentialBackoffWithJitter,

    /// <summary>A wait drawn by chance.</summary>
    Random,
}
