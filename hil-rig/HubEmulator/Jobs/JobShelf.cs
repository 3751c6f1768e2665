namespace HubEmulator.Jobs;

/// <summary>The jobs in the order of their creation. Those that are over go, oldest first, where there would be too many of them or of their devices.</summary>
internal sealed class JobShelf
{
    public const int MostActive = 10;
    public const int MostJobs = 1000;
    public const int MostDeviceJobs = 200_000;

    private readonly Lock _guard = new();
    private readonly List<ScheduledJob> _jobs = [];

    public IReadOnlyList<ScheduledJob> All
    {
        get
        {
            lock (_guard)
            {
                return [.. _jobs];
            }
        }
    }

    public ScheduledJob? Find(string id)
    {
        lock (_guard)
        {
            return _jobs.Find(job => job.Request.Id == id);
        }
    }

    /// <returns>False when the name is taken, or so many are not over.</returns>
    public bool TryAdd(ScheduledJob job)
    {
        lock (_guard)
        {
            if (_jobs.Exists(known => known.Request.Id == job.Request.Id) || _jobs.Count(known => !known.IsOver) >= MostActive)
            {
                return false;
            }

            _jobs.Add(job);
            Trim();
            return true;
        }
    }

    public void Restore(ScheduledJob job)
    {
        lock (_guard)
        {
            _jobs.Add(job);
        }
    }

    private void Trim()
    {
        int devices = _jobs.Sum(job => job.DeviceCount);
        while ((_jobs.Count > MostJobs || devices > MostDeviceJobs) && _jobs.Find(job => job.IsOver) is { } oldest)
        {
            devices -= oldest.DeviceCount;
            _jobs.Remove(oldest);
        }
    }
}
