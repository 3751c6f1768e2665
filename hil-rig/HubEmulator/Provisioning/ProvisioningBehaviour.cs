namespace HubEmulator;

/// <summary>How the provisioning service behaves towards devices: what a test may make slow or make fail, and what it may count. Members may be called from any thread.</summary>
public sealed class ProvisioningBehaviour
{
    private const int MostPending = 10_000;
    private const int LongestRetryAfter = 3600;

    private readonly Lock _guard = new();
    private int _pendingAnswers = 1;
    private int? _retryAfterSeconds = 3;
    private int _throttled;
    private int? _throttleSeconds;
    private int _failing;
    private (int Code, string Message) _failure;
    private long _registrations;
    private long _polls;
    private long _earlyPolls;

    /// <summary>
    /// How many answers 202 a registration gets before it is decided, that to the register request included. Default 1: the first poll finds it
    /// decided. 0 decides in the answer to the request itself. At most 10,000.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of its range.</exception>
    public int PendingAnswers
    {
        get => Volatile.Read(ref _pendingAnswers);
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MostPending);
            Volatile.Write(ref _pendingAnswers, value);
        }
    }

    /// <summary>The seconds that a 202 asks to wait before the next poll, 0 to 3600; null leaves it out. Default 3.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of its range.</exception>
    public int? RetryAfterSeconds
    {
        get
        {
            lock (_guard)
            {
                return _retryAfterSeconds;
            }
        }

        set
        {
            DemandSeconds(value);
            lock (_guard)
            {
                _retryAfterSeconds = value;
            }
        }
    }

    /// <summary>Register requests that came, refused ones included.</summary>
    public long Registrations => Interlocked.Read(ref _registrations);

    /// <summary>Polls that came, refused ones included.</summary>
    public long Polls => Interlocked.Read(ref _polls);

    /// <summary>Polls that came sooner than the answer before had asked for.</summary>
    public long EarlyPolls => Interlocked.Read(ref _earlyPolls);

    /// <summary>Answers the next requests, of whichever device and kind, with 429.</summary>
    /// <param name="requests">How many; 0 ends it.</param>
    /// <param name="retryAfterSeconds">What they are asked to wait, 0 to 3600; null leaves it out.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public void ThrottleNext(int requests, int? retryAfterSeconds = 5)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(requests);
        DemandSeconds(retryAfterSeconds);
        lock (_guard)
        {
            (_throttled, _throttleSeconds) = (requests, retryAfterSeconds);
        }
    }

    /// <summary>Lets the next registrations that get to their decision end as <c>failed</c>.</summary>
    /// <param name="registrations">How many; 0 ends it.</param>
    /// <param name="errorCode">The number in the state, such as 400208: no hub fits.</param>
    /// <param name="errorMessage">The text beside it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public void FailNext(int registrations, int errorCode = 400208, string errorMessage = "No IoT hub fits.")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(registrations);
        lock (_guard)
        {
            (_failing, _failure) = (registrations, (errorCode, errorMessage));
        }
    }

    internal void Count(bool isPoll) => Interlocked.Increment(ref isPoll ? ref _polls : ref _registrations);

    internal void CountEarlyPoll() => Interlocked.Increment(ref _earlyPolls);

    /// <returns>True when this request is to be throttled.</returns>
    internal bool TakeThrottle(out int? retryAfterSeconds)
    {
        lock (_guard)
        {
            retryAfterSeconds = _throttleSeconds;
            return _throttled > 0 && _throttled-- > 0;
        }
    }

    /// <returns>True when this registration is to fail.</returns>
    internal bool TakeFailure(out (int Code, string Message) failure)
    {
        lock (_guard)
        {
            failure = _failure;
            return _failing > 0 && _failing-- > 0;
        }
    }

    private static void DemandSeconds(int? seconds)
    {
        if (seconds is < 0 or > LongestRetryAfter)
        {
            throw new ArgumentOutOfRangeException(nameof(seconds), seconds, $"0 to {LongestRetryAfter}, or null.");
        }
    }
}
