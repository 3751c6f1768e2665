using HubEmulator.Identity;
using HubEmulator.Queries;
using HubEmulator.Rest;
using Microsoft.Extensions.Logging;

namespace HubEmulator.Jobs;

/// <summary>
/// Runs jobs when their time has come, on <see cref="AtOnce"/> devices at a time. A job whose hub stops before it is through has failed when the hub
/// comes back; one whose time had not come waits on.
/// </summary>
internal sealed partial class JobDesk(DeviceRegistry registry, DeviceDeeds deeds, TimeProvider clock, ILogger log) : IAsyncDisposable
{
    private const int AtOnce = 10;

    private readonly JobShelf _shelf = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _guard = new();
    private readonly HashSet<Task> _running = [];

    /// <summary>Raised when a job is made, begins or ends, so that it can be made durable.</summary>
    public event Action? Changed;

    public IReadOnlyList<ScheduledJob> All => _shelf.All;

    public ScheduledJob? Find(string id) => _shelf.Find(id);

    /// <summary>Takes a job and waits for its time.</summary>
    /// <returns>Null, or why not.</returns>
    public ServiceError? TryAdd(JobRequest request, out ScheduledJob job)
    {
        job = new ScheduledJob(request, clock.GetUtcNow());
        if (!_shelf.TryAdd(job))
        {
            return _shelf.Find(request.Id) is not null
                ? new ServiceError(409, 409000, "JobAlreadyExists", $"There is a job {request.Id} already.")
                : new ServiceError(429, 429004, "ThrottlingMaxActiveJobCountExceeded", $"{JobShelf.MostActive} jobs are not over; wait for one, or cancel one.");
        }

        Start(job);
        Changed?.Invoke();
        return null;
    }

    /// <summary>Ends a job that is not over; one that is stays as it is.</summary>
    public void Cancel(ScheduledJob job)
    {
        if (job.TryEnd(JobStatus.Cancelled, null, clock.GetUtcNow()))
        {
            job.Stop?.Cancel();
            Changed?.Invoke();
        }
    }

    /// <summary>Puts back what was remembered, before the hub starts.</summary>
    public void Restore(IEnumerable<JobRecord> records)
    {
        foreach (ScheduledJob job in records.Select(ScheduledJob.FromRecord))
        {
            _shelf.Restore(job);
            if (job.Status == JobStatus.Scheduled)
            {
                Start(job);
            }
            else
            {
                job.TryEnd(JobStatus.Failed, "The hub stopped while the job was under way.", clock.GetUtcNow());
            }
        }
    }

    public List<JobRecord> ToRecord() => [.. _shelf.All.Select(job => job.ToRecord())];

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Task[] running;
        lock (_guard)
        {
            running = [.. _running];
        }

        await Task.WhenAll(running);
        _stopping.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {Id}, {Type}, is {Status} after {Devices} devices.")]
    private partial void LogEnded(string id, string type, JobStatus status, int devices);

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {Id} failed inside the hub.")]
    private partial void LogDefect(string id, Exception cause);

    private void Start(ScheduledJob job)
    {
        job.Stop = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        Task running = RunAsync(job, job.Stop.Token);
        lock (_guard)
        {
            _running.Add(running);
        }

        _ = running.ContinueWith(ended => Forget(ended, job.Stop), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Forget(Task ended, CancellationTokenSource stop)
    {
        stop.Dispose();
        lock (_guard)
        {
            _running.Remove(ended);
        }
    }

    private async Task RunAsync(ScheduledJob job, CancellationToken stop)
    {
        try
        {
            TimeSpan wait = job.Request.Start - clock.GetUtcNow();
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, clock, stop);
            await Task.Yield(); // whoever made it hears of it first
            await WorkAsync(job, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return; // cancelled, which it knows, or the hub ends
        }
        catch (Exception defect)
        {
            LogDefect(job.Request.Id, defect);
            End(job, JobStatus.Failed, "The hub failed; its log has the cause.");
        }
    }

    private async Task WorkAsync(ScheduledJob job, CancellationToken stop)
    {
        if (job.Request.TryReadQuery(out HubQuery query) is { } broken)
        {
            End(job, JobStatus.Failed, $"The queryCondition cannot be run. {broken}");
            return;
        }

        if (!job.TryBegin(TwinSearch.Find(registry, query).Select(found => found.Id), clock.GetUtcNow()))
        {
            return;
        }

        Changed?.Invoke();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(job.Request.MaxExecutionTimeInSeconds), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = either.Token };
            await Parallel.ForEachAsync(job.Devices, options, (device, token) => WorkAsync(job, device, token));
            End(job, JobStatus.Completed, null);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            End(job, JobStatus.Failed, $"The job was not through after {job.Request.MaxExecutionTimeInSeconds} seconds.");
        }
    }

    private async ValueTask WorkAsync(ScheduledJob job, DeviceJob device, CancellationToken token)
    {
        DeviceJob begun = device with { Status = JobStatus.Running, Started = clock.GetUtcNow() };
        job.Step(device.Identity, _ => begun);
        DeviceJob done = await deeds.DoAsync(job.Request, begun, token);
        job.Step(device.Identity, _ => done);
    }

    private void End(ScheduledJob job, JobStatus status, string? reason)
    {
        if (job.TryEnd(status, reason, clock.GetUtcNow()))
        {
            LogEnded(job.Request.Id, job.Request.Type, status, job.DeviceCount);
            Changed?.Invoke();
        }
    }
}
