namespace HubEmulator;

/// <summary>The feedback on cloud-to-device messages since the hub started. In memory; safe for any number of threads.</summary>
public sealed class FeedbackLog
{
    /// <summary>Records kept; the oldest go first.</summary>
    public const int Capacity = 10_000;

    private readonly RecentItems<C2dFeedback> _records = new(Capacity);

    /// <summary>The kept records, oldest first.</summary>
    public IReadOnlyList<C2dFeedback> Snapshot() => _records.Snapshot();

    /// <summary>Waits for the first record, kept or still to come, that satisfies the predicate.</summary>
    /// <exception cref="OperationCanceledException">The wait was given up.</exception>
    public Task<C2dFeedback> WaitForAsync(Func<C2dFeedback, bool> predicate, CancellationToken cancellationToken) =>
        _records.WaitForAsync(predicate, cancellationToken);

    /// <summary>Raised for each record, on the thread that brought it.</summary>
    internal event Action<C2dFeedback>? Appended;

    internal void Append(C2dFeedback record)
    {
        _records.Append(_ => record);
        Appended?.Invoke(record);
    }
}
