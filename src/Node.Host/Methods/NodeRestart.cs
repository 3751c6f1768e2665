namespace Node.Host.Methods;

/// <summary>Ends the program in order, a little later, so that the answer still leaves; whoever supervises it starts it anew. Any thread.</summary>
internal sealed class NodeRestart(TimeProvider time, Action stop) : IDisposable
{
    /// <summary>Told to a supervisor that the end was wished for (sysexits.h, EX_TEMPFAIL: try again).</summary>
    public const int ExitCode = 75;

    /// <summary>From the answer to the end.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private ITimer? _timer;

    /// <summary>Whether a restart was asked for.</summary>
    public bool IsWanted
    {
        get
        {
            lock (_gate) { return _timer is not null; }
        }
    }

    /// <summary>A second call does nothing.</summary>
    public void Begin()
    {
        lock (_gate) { _timer ??= time.CreateTimer(_ => stop(), null, Delay, Timeout.InfiniteTimeSpan); }
    }

    public void Dispose()
    {
        lock (_gate) { _timer?.Dispose(); }
    }
}
