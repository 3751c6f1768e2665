using Node.HubClient.Transport;

namespace Node.HubClient;

/// <content>The turn, the sleep between turns, and the end.</content>
public sealed partial class IotHubClientLL
{
    private static readonly TimeSpan ShortSleep = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(30); // The kernel's poll counts microseconds in 31 bits.

    private int _entered;
    private int _disposed;

    /// <summary>One turn: never blocks, does a bounded amount of work, runs every callback that is due.</summary>
    /// <returns>What is left and when the next turn pays.</returns>
    /// <exception cref="InvalidOperationException">A turn is already running, on another thread or further up this one's stack.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public WorkStatus DoWork()
    {
        if (Interlocked.CompareExchange(ref _entered, 1, 0) != 0)
        {
            throw new InvalidOperationException("DoWork is single-entry: a turn of this client is already running. Call it from one place, and never from a callback.");
        }

        try
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
            return Turn();
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>As <see cref="DoWork"/>, for a shared transport: another thread may have disposed the client a moment ago, or be about to.</summary>
    internal WorkStatus Work()
    {
        if (Interlocked.CompareExchange(ref _entered, 1, 0) != 0)
        {
            return Volatile.Read(ref _disposed) != 0 || _session.StopRequested
                ? new WorkStatus(false, false, Timeout.InfiniteTimeSpan)
                : throw new InvalidOperationException("DoWork is single-entry: a turn of this client is already running beside its transport's.");
        }

        try
        {
            return Volatile.Read(ref _disposed) != 0 ? new WorkStatus(false, false, Timeout.InfiniteTimeSpan) : Turn();
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>
    /// Puts the calling thread to sleep until a turn pays: bytes have come from the hub, another thread has queued something, or the time is over. For programs
    /// that have nothing better to do between turns; one thread at a time, and not from a callback. While a connection opens, an upload runs or the hub is asked for
    /// the time it sleeps 20 ms at most.
    /// </summary>
    /// <param name="atMost">The longest sleep, such as <see cref="WorkStatus.NextDue"/> of the last turn; infinite is allowed. A finite one ends after 30 min at the latest.</param>
    /// <returns>False when the time passed and nothing happened.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative, and not <see cref="Timeout.InfiniteTimeSpan"/>.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public bool WaitForWork(TimeSpan atMost)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        if (atMost != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(atMost, TimeSpan.Zero);
        }

        PolledLink? link = Link;
        bool isBusy = _uploads.IsBusy || link is { State: LinkState.Opening } || _session.Probe is { IsBusy: true };
        TimeSpan most = isBusy && (atMost > ShortSleep || atMost < TimeSpan.Zero) ? ShortSleep : atMost > LongestSleep ? LongestSleep : atMost;
        return _signal.Wait(link is { State: LinkState.Open } ? link.Stream : null, most, _hasUnsent);
    }

    /// <summary>
    /// Closes the connection with a DISCONNECT and completes every pending callback: telemetry as
    /// <see cref="SendConfirmation.BecauseDestroy"/>, reported states with 408 or 0, uploads with an error. Called from a callback it takes effect when the callback
    /// returns, still inside that <see cref="DoWork"/>. A second call does nothing.
    /// </summary>
    public void Dispose()
    {
        _session.StopRequested = true;
        Interlocked.MemoryBarrier(); // The flag first: either this call enters below, or the running turn sees the flag when it leaves.
        if (Interlocked.CompareExchange(ref _entered, 1, 0) == 0)
        {
            Leave();
        }
    }

    private WorkStatus Turn()
    {
        long now = _clock.GetTimestamp();
        _uploads.Turn(now); // First, so that what its callbacks queue leaves in this turn.
        WorkStatus status = _session.Turn(now);
        if (!_session.StopRequested)
        {
            bool hasMore = Awaits.Turn(now) && _session.HasUnsent; // Last: a confirmation that has come beats a time-out.
            status = _uploads.Join(status, now).Within(hasMore ? TimeSpan.Zero : Awaits.NextDue(now));
        }

        return _session.StopRequested ? new WorkStatus(false, false, Timeout.InfiniteTimeSpan) : status;
    }

    private void Leave()
    {
        StopWhenRequested();
        Interlocked.Exchange(ref _entered, 0);
        if (_session.StopRequested && Volatile.Read(ref _disposed) == 0 && Interlocked.CompareExchange(ref _entered, 1, 0) == 0)
        {
            StopWhenRequested(); // Disposed by another thread in the moment between the check above and the exchange.
            Interlocked.Exchange(ref _entered, 0);
        }
    }

    private void StopWhenRequested()
    {
        if (_session.StopRequested && Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _session.Stop();
            _uploads.Abandon();
            _transport.Dispose();
            _signal.Dispose();
            _shared?.Detach(this);
        }
    }
}
