using System.Collections.Concurrent;

namespace Node.HubClient.Features;

/// <summary>
/// What the awaitable face waits for. Nothing ends a task but a turn: a cancellation or a time-out that comes between turns is noticed by the
/// next one. A turn without anything to end costs one comparison.
/// </summary>
internal sealed class Awaits(TimeProvider clock)
{
    private const int LeastToSweep = 1_024;
    private const long Never = long.MaxValue;

    private readonly Lock _gate = new();
    private readonly ConcurrentQueue<IAwaited> _cancelled = new();
    private PriorityQueue<IAwaited, long> _deadlines = new();
    private long _earliest = Never;
    private int _sweepAt = LeastToSweep;
    private int _cancelledCount;

    /// <summary>Deadlines held, those of ended waits included; for tests.</summary>
    public int HeldDeadlines => _deadlines.Count;

    /// <summary>Bounds a wait. Any thread.</summary>
    public void Bound(IAwaited awaited, TimeSpan? timeout, CancellationToken cancellation)
    {
        if (timeout is { } time)
        {
            long deadline = Instants.After(time, clock);
            lock (_gate)
            {
                Sweep();
                _deadlines.Enqueue(awaited, deadline);
                Volatile.Write(ref _earliest, Math.Min(_earliest, deadline));
            }
        }

        if (cancellation.CanBeCanceled)
        {
            awaited.CancelWith(cancellation);
        }
    }

    /// <summary>Notes a cancellation for the next turn. Any thread.</summary>
    public void Cancel(IAwaited awaited)
    {
        _cancelled.Enqueue(awaited);
        Interlocked.Increment(ref _cancelledCount);
    }

    /// <summary>Ends what was cancelled and what has waited for too long. True when anything was, so that code behind it may have run.</summary>
    public bool Turn(long now)
    {
        bool hasEnded = false;
        while (Volatile.Read(ref _cancelledCount) > 0 && _cancelled.TryDequeue(out IAwaited? cancelled))
        {
            Interlocked.Decrement(ref _cancelledCount);
            cancelled.EndCancelled();
            hasEnded = true;
        }

        while (Volatile.Read(ref _earliest) <= now && TakeLate(now) is { } late)
        {
            late.EndLate();
            hasEnded = true;
        }

        return hasEnded;
    }

    /// <summary>Time until the next deadline; null for none.</summary>
    public TimeSpan? NextDue(long now)
    {
        long earliest = Volatile.Read(ref _earliest);
        return earliest == Never ? null : earliest <= now ? TimeSpan.Zero : clock.GetElapsedTime(now, earliest);
    }

    private IAwaited? TakeLate(long now)
    {
        lock (_gate)
        {
            IAwaited? late = _deadlines.TryPeek(out _, out long deadline) && deadline <= now ? _deadlines.Dequeue() : null;
            Volatile.Write(ref _earliest, _deadlines.TryPeek(out _, out long next) ? next : Never);
            return late;
        }
    }

    /// <summary>Forgets deadlines of what has ended, once they could be more than half of all.</summary>
    private void Sweep()
    {
        if (_deadlines.Count < _sweepAt)
        {
            return;
        }

        _deadlines = new PriorityQueue<IAwaited, long>(_deadlines.UnorderedItems.Where(held => !held.Element.IsEnded));
        _sweepAt = Math.Max(LeastToSweep, _deadlines.Count * 2);
    }
}

/// <summary>One wait that a turn can end.</summary>
internal interface IAwaited
{
    /// <summary>Whether it has ended.</summary>
    bool IsEnded { get; }

    /// <summary>Ends it when the caller's token is cancelled.</summary>
    void CancelWith(CancellationToken cancellation);

    /// <summary>Ends it as cancelled.</summary>
    void EndCancelled();

    /// <summary>Ends it as timed out.</summary>
    void EndLate();
}

/// <summary>A wait with a result: one object, and its task, whose continuations run inside the turn that ends it.</summary>
internal sealed class Awaited<T>(Awaits awaits) : TaskCompletionSource<T>, IAwaited
{
    private CancellationTokenRegistration _registration;

    /// <inheritdoc />
    public bool IsEnded => Task.IsCompleted;

    /// <inheritdoc />
    public void CancelWith(CancellationToken cancellation)
    {
        _registration = cancellation.UnsafeRegister(static state => ((Awaited<T>)state!).NoteCancelled(), this);
        if (IsEnded)
        {
            _registration.Dispose(); // Another thread's turn was quicker.
        }
    }

    /// <summary>Ends it with a result.</summary>
    public void End(T result)
    {
        _registration.Dispose();
        TrySetResult(result);
    }

    /// <summary>Ends it with a failure.</summary>
    public void Fail(Exception failure)
    {
        _registration.Dispose();
        TrySetException(failure);
    }

    /// <inheritdoc />
    public void EndCancelled()
    {
        CancellationToken token = _registration.Token;
        _registration.Dispose();
        TrySetCanceled(token);
    }

    /// <inheritdoc />
    public void EndLate()
    {
        _registration.Dispose();
        TrySetException(new TimeoutException("No end within the time given; what was accepted stays accepted and goes on."));
    }

    private void NoteCancelled() => awaits.Cancel(this);
}
