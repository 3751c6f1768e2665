namespace HubEmulator;

/// <summary>The uploads that devices have reported since the hub started, and what services are told of them. In memory; safe for any number of threads.</summary>
public sealed class UploadLog
{
    /// <summary>Reports, and notifications, kept; the oldest go first.</summary>
    public const int Capacity = 10_000;

    private readonly RecentItems<FinishedUpload> _finished = new(Capacity);
    private readonly RecentItems<UploadNotification> _notifications = new(Capacity);

    /// <summary>All reports since the start of the hub, those no longer kept included.</summary>
    public long Reported => _finished.Appended;

    /// <summary>The kept reports, oldest first.</summary>
    public IReadOnlyList<FinishedUpload> Snapshot() => _finished.Snapshot();

    /// <summary>The kept notifications, oldest first: one for each upload that went well.</summary>
    public IReadOnlyList<UploadNotification> Notifications() => _notifications.Snapshot();

    /// <summary>Waits for the first report, kept or still to come, that satisfies the predicate.</summary>
    /// <exception cref="OperationCanceledException">The wait was given up.</exception>
    public Task<FinishedUpload> WaitForAsync(Func<FinishedUpload, bool> predicate, CancellationToken cancellationToken) =>
        _finished.WaitForAsync(predicate, cancellationToken);

    /// <summary>Raised for each notification, on the thread that brought it.</summary>
    internal event Action<UploadNotification>? Notified;

    internal void Append(FinishedUpload upload, UploadNotification? notification)
    {
        if (notification is not null)
        {
            _notifications.Append(_ => notification); // first, so that who has waited for the report finds it
            Notified?.Invoke(notification);
        }

        _finished.Append(number => upload with { SequenceNumber = number });
    }
}
