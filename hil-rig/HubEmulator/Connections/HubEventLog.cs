namespace HubEmulator;

/// <summary>The connections that came and went, and the faults that began and ended, since the start of the hub, in memory: the newest <see cref="Capacity"/>. Safe for any number of threads.</summary>
public sealed class HubEventLog
{
    /// <summary>Events kept; older ones go first.</summary>
    public const int Capacity = 10_000;

    private const int LongestId = 256;
    private readonly RecentItems<HubEvent> _events = new(Capacity);

    /// <summary>The kept events, oldest first.</summary>
    public IReadOnlyList<HubEvent> Snapshot() => _events.Snapshot();

    /// <summary>Kept events that came after a given one, oldest first.</summary>
    /// <param name="sequenceNumber">The last event that the caller has; 0 for none.</param>
    /// <param name="most">How many to return at most.</param>
    public IReadOnlyList<HubEvent> After(long sequenceNumber, int most) =>
        [.. _events.Snapshot().SkipWhile(one => one.SequenceNumber <= sequenceNumber).Take(most)];

    /// <summary>Waits for the first event, kept or still to come, that satisfies the predicate.</summary>
    /// <exception cref="OperationCanceledException">The wait was given up.</exception>
    public Task<HubEvent> WaitForAsync(Func<HubEvent, bool> predicate, CancellationToken cancellationToken) => _events.WaitForAsync(predicate, cancellationToken);

    internal long Appended => _events.Appended;

    internal void Append(DateTimeOffset time, HubEventKind kind, string deviceId, string detail = "") =>
        _events.Append(number => new HubEvent(number, time, kind, deviceId.Length <= LongestId ? deviceId : deviceId[..LongestId], detail));
}
