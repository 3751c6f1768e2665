namespace Node.Host.Spool;

/// <summary>An append between its call and its commit.</summary>
internal sealed class PendingAppend(SpoolEntry entry, long queuedAt)
{
    private readonly TaskCompletionSource<long> _durable = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What to store.</summary>
    public SpoolEntry Entry { get; } = entry;

    /// <summary>The clock's timestamp of the call.</summary>
    public long QueuedAt { get; } = queuedAt;

    /// <summary>Set in the transaction; true once that is durable.</summary>
    public long Sequence { get; set; }

    /// <summary>Ends with the sequence, or with the <see cref="SpoolException"/> of the commit.</summary>
    public Task<long> Durable => _durable.Task;

    /// <summary>The transaction is durable.</summary>
    public void Complete() => _durable.TrySetResult(Sequence);

    /// <summary>The transaction was undone.</summary>
    public void Fail(SpoolException failure) => _durable.TrySetException(failure);
}
