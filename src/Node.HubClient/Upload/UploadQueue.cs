namespace Node.HubClient.Upload;

/// <summary>A client's uploads. They move side by side, each on a connection of its own, apart from the MQTT connection and its retries.</summary>
/// <param name="isStopping">Whether the client is being disposed: then nothing more is asked of anybody.</param>
internal sealed class UploadQueue(Func<bool> isStopping)
{
    /// <summary>The hub takes no more at a time from one device.</summary>
    public const int Maximum = 10;

    private readonly Lock _gate = new();
    private readonly List<BlobUpload> _active = [];
    private bool _closed;

    /// <summary>Whether any is under way.</summary>
    public bool IsBusy => Volatile.Read(ref _count) > 0;

    private int _count;

    /// <summary>Takes an upload on. Any thread.</summary>
    public IotHubClientResult Add(BlobUpload upload)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return IotHubClientResult.Error;
            }

            if (_active.Count >= Maximum)
            {
                return IotHubClientResult.QueueFull;
            }

            _active.Add(upload);
            Volatile.Write(ref _count, _active.Count);
            return IotHubClientResult.Ok;
        }
    }

    /// <summary>One turn of each.</summary>
    public void Turn(long now)
    {
        if (!IsBusy)
        {
            return;
        }

        foreach (BlobUpload upload in Snapshot())
        {
            if (!isStopping())
            {
                upload.Turn(now);
            }
        }

        lock (_gate)
        {
            _active.RemoveAll(upload => upload.IsFinished);
            Volatile.Write(ref _count, _active.Count);
        }
    }

    /// <summary>What a scheduler needs to know; adds to the answer of the rest of the client.</summary>
    public WorkStatus Join(WorkStatus status, long now)
    {
        if (!IsBusy)
        {
            return status;
        }

        foreach (BlobUpload upload in Snapshot())
        {
            TimeSpan due = upload.NextDue(now);
            status = new WorkStatus(
                status.MoreToDo || upload.HasMoreToDo,
                status.AwaitingAnswers || due == TimeSpan.Zero,
                status.NextDue == Timeout.InfiniteTimeSpan || due < status.NextDue && due > TimeSpan.Zero ? due : status.NextDue);
        }

        return status;
    }

    /// <summary>Ends all of them.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            _closed = true;
        }

        foreach (BlobUpload upload in Snapshot())
        {
            upload.Abandon();
        }
    }

    private BlobUpload[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _active];
        }
    }
}
