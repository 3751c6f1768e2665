namespace HubEmulator;

/// <summary>The uploads that devices have reported since the hub started, and what services are told of them. In memory; safe for any number of threads.</summary>
public sealed class UploadLog
{
    /// <summary>Reports, and notifications, kept; the oldest go first.</summary>
    public const int Capacity = 10_000;

    private readonly Lock _guard = new();
    private readonly Queue<FinishedUpload> _finished = new();
    private readonly Queue<UploadNotification> _notifications = new();
    private TaskCompletionSource _next = New();
    private long _reported;

    /// <summary>All reports since the start of the hub, those no longer kept included.</summary>
    public long Reported
    {
        get
        {
            lock (_guard)
            {
                return _reported;
            }
        }
    }

    /// <summary>The kept reports, oldest first.</summary>
    public IReadOnlyList<FinishedUpload> Snapshot()
    {
        lock (_guard)
        {
            return [.. _finished];
        }
    }

    /// <summary>The kept notifications, oldest first: one for each upload that went well.</summary>
    public IReadOnlyList<UploadNotification> Notifications()
    {
        lock (_guard)
        {
            return [.. _notifications];
        }
    }

    /// <summary>Waits for the first report, kept or still to come, that satisfies the predicate.</summary>
    /// <exception cref="OperationCanceledException">The wait was given up.</exception>
    public async Task<FinishedUpload> WaitForAsync(Func<FinishedUpload, bool> predicate, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        while (true)
        {
            Task next;
            lock (_guard)
            {
                if (_finished.FirstOrDefault(predicate) is { } found)
                {
                    return found;
                }

                next = _next.Task;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    internal void Append(FinishedUpload upload, UploadNotification? notification)
    {
        TaskCompletionSource waited;
        lock (_guard)
        {
            Keep(_finished, upload with { SequenceNumber = ++_reported });
            if (notification is not null)
            {
                Keep(_notifications, notification);
            }

            (waited, _next) = (_next, New());
        }

        waited.SetResult();
    }

    private static void Keep<T>(Queue<T> queue, T item)
    {
        queue.Enqueue(item);
        if (queue.Count > Capacity)
        {
            queue.Dequeue();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
