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
    private readonly ConcurrentQueue<Awaited> _cancelled = new();
    private PriorityQueue<Awaited, long> _deadlines = new();
    private long _earliest = Never;
    private int _sweepAt = LeastToSweep;

    /// <summary>Deadlines held, those of ended waits included; for tests.</summary>
    public int HeldDeadlines => _deadlines.Count;

    /// <summary>Bounds a wait. Any thread.</summary>
    public void Bound(Awaited awaited, TimeSpan? timeout, CancellationToken cancellation)
    {
        if (timeout is { } time)
        {
            long deadline = clock.GetTimestamp() + (long)(time.TotalSeconds * clock.TimestampFrequency);
            lock (_gate)
            {
                Sweep();
                _deadlines.Enqueue(awaited, deadline);
                Volatile.Write(ref _earliest, Math.Min(_earliest, deadline));
            }
        }

        if (cancellation.CanBeCanceled)
        {
            awaited.Registration = cancellation.UnsafeRegister(static (state, _) => ((Awaited)state!).Cancel(), awaited);
        }
    }

    /// <summary>Notes a cancellation for the next turn. Any thread.</summary>
    public void Cancel(Awaited awaited) => _cancelled.Enqueue(awaited);

    /// <summary>Ends what was cancelled and what has waited for too long.</summary>
    public void Turn(long now)
    {
        while (!_cancelled.IsEmpty && _cancelled.TryDequeue(out Awaited? cancelled))
        {
            cancelled.EndCancelled();
        }

        while (Volatile.Read(ref _earliest) <= now && TakeLate(now) is { } late)
        {
            late.EndLate();
        }
    }

    /// <summary>Time until the next deadline; null for none.</summary>
    public TimeSpan? NextDue(long now)
    {
        long earliest = Volatile.Read(ref _earliest);
        return earliest == Never ? null : earliest <= now ? TimeSpan.Zero : clock.GetElapsedTime(now, earliest);
    }

    private Awaited? TakeLate(long now)
    {
        lock (_gate)
        {
            Awaited? late = _deadlines.TryPeek(out _, out long deadline) && deadline <= now ? _deadlines.Dequeue() : null;
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

        _deadlines = new PriorityQueue<Awaited, long>(_deadlines.UnorderedItems.Where(held => !held.Element.IsEnded));
        _sweepAt = Math.Max(LeastToSweep, _deadlines.Count * 2);
    }
}

/// <summary>One wait that a turn can end.</summary>
internal abstract class Awaited(Awaits awaits)
{
    /// <summary>Whether it has ended.</summary>
    public abstract bool IsEnded { get; }

    /// <summary>The caller's cancellation; given back at the end.</summary>
    public CancellationTokenRegistration Registration { get; set; }

    /// <summary>Notes a cancellation. Any thread.</summary>
    public void Cancel() => awaits.Cancel(this);

    /// <summary>Ends it as cancelled.</summary>
    public abstract void EndCancelled();

    /// <summary>Ends it as timed out.</summary>
    public abstract void EndLate();
}

/// <summary>A wait with a result. Its task's continuations run inside the turn that ends it.</summary>
internal sealed class Awaited<T>(Awaits awaits) : Awaited(awaits)
{
    private readonly TaskCompletionSource<T> _source = new();

    /// <summary>What the caller awaits.</summary>
    public Task<T> Task => _source.Task;

    /// <inheritdoc />
    public override bool IsEnded => _source.Task.IsCompleted;

    /// <summary>Ends it with a result.</summary>
    public void End(T result)
    {
        Registration.Dispose();
        _source.TrySetResult(result);
    }

    /// <summary>Ends it with a failure.</summary>
    public void Fail(Exception failure)
    {
        Registration.Dispose();
        _source.TrySetException(failure);
    }

    /// <inheritdoc />
    public override void EndCancelled()
    {
        CancellationToken token = Registration.Token;
        Registration.Dispose();
        _source.TrySetCanceled(token);
    }

    /// <inheritdoc />
    public override void EndLate()
    {
        Registration.Dispose();
        _source.TrySetException(new TimeoutException("No end within the time given; what was accepted stays accepted and goes on."));
    }
}
