namespace HubEmulator.Notices;

/// <summary>What services are told: how cloud-to-device messages ended, and which files were uploaded.</summary>
internal sealed class NoticeBoard
{
    private readonly FeedbackBatches _batches;

    /// <param name="feedback">Where records of feedback come from.</param>
    /// <param name="uploads">Where uploads come from.</param>
    /// <param name="feedbackPeriod">How long a batch of feedback stays open.</param>
    /// <param name="clock">The clock of locks and lifetimes.</param>
    public NoticeBoard(FeedbackLog feedback, UploadLog uploads, TimeSpan feedbackPeriod, TimeProvider clock)
    {
        Feedback = new NoticeQueue(clock);
        Uploads = new NoticeQueue(clock);
        _batches = new FeedbackBatches(Feedback, feedbackPeriod, clock);
        feedback.Appended += _batches.Add;
        uploads.Notified += upload => Uploads.Append(new Notice(Guid.NewGuid().ToString(), upload.ToJson(), upload.EnqueuedTime));
    }

    public NoticeQueue Feedback { get; }

    public NoticeQueue Uploads { get; }

    /// <summary>Called once a second.</summary>
    public void Sweep()
    {
        _batches.Sweep();
        Feedback.Sweep();
        Uploads.Sweep();
    }
}
