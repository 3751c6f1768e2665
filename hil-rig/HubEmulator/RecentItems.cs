namespace HubEmulator;

/// <summary>The newest items of a sequence that only grows, in memory; the oldest go first. Safe for any number of threads.</summary>
internal sealed class RecentItems<T>(int capacity)
    where T : class
{
    private readonly Lock _guard = new();
    private readonly Queue<T> _newest = new();
    private TaskCompletionSource _next = New();
    private long _appended;

    /// <summary>All items ever, those no longer kept included.</summary>
    public long Appended
    {
        get
        {
            lock (_guard)
            {
                return _appended;
            }
        }
    }

    /// <summary>The kept items, oldest first.</summary>
    public IReadOnlyList<T> Snapshot()
    {
        lock (_guard)
        {
            return [.. _newest];
        }
    }

    /// <summary>Waits for the first item, kept or still to come, that satisfies the predicate.</summary>
    public async Task<T> WaitForAsync(Func<T, bool> predicate, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        while (true)
        {
            Task next;
            lock (_guard)
            {
                if (_newest.FirstOrDefault(predicate) is { } found)
                {
                    return found;
                }

                next = _next.Task;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    /// <param name="make">Makes the item, given its number, counted from 1.</param>
    public void Append(Func<long, T> make)
    {
        TaskCompletionSource waited;
        lock (_guard)
        {
            _newest.Enqueue(make(++_appended));
            if (_newest.Count > capacity)
            {
                _newest.Dequeue();
            }

            (waited, _next) = (_next, New());
        }

        waited.SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
