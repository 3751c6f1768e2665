namespace HubEmulator.Notices;

/// <summary>Gathers feedback into notices, as the service does: one is closed at 64 records, or some time after its first.</summary>
/// <param name="queue">Takes the notices.</param>
/// <param name="period">How long a batch stays open.</param>
/// <param name="clock">The clock of that.</param>
internal sealed class FeedbackBatches(NoticeQueue queue, TimeSpan period, TimeProvider clock)
{
    public const int MostRecords = 64;

    private readonly Lock _guard = new();
    private readonly List<C2dFeedback> _open = [];
    private DateTimeOffset _closes;

    public void Add(C2dFeedback record)
    {
        lock (_guard)
        {
            if (_open.Count == 0)
            {
                _closes = clock.GetUtcNow() + period;
            }

            _open.Add(record);
            CloseIfDue();
        }
    }

    /// <summary>Closes a batch whose time has come; called once a second.</summary>
    public void Sweep()
    {
        lock (_guard)
        {
            CloseIfDue();
        }
    }

    private void CloseIfDue()
    {
        DateTimeOffset now = clock.GetUtcNow();
        if (_open.Count > 0 && (_open.Count >= MostRecords || now >= _closes))
        {
            queue.Append(new Notice(Guid.NewGuid().ToString(), $"[{string.Join(',', _open.Select(record => record.ToJson()))}]", now));
            _open.Clear();
        }
    }
}
