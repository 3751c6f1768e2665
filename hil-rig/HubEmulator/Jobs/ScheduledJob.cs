using System.Text.Json.Nodes;

namespace HubEmulator.Jobs;

/// <summary>A job with its course. Members may be called from any thread.</summary>
internal sealed class ScheduledJob(JobRequest request, DateTimeOffset created)
{
    private readonly Lock _guard = new();
    private readonly Dictionary<string, DeviceJob> _devices = new(StringComparer.Ordinal);
    private DateTimeOffset? _ended;
    private string? _failureReason;

    public JobRequest Request { get; } = request;

    public DateTimeOffset Created { get; } = created;

    public JobStatus Status { get; private set; } = request.Start > created ? JobStatus.Scheduled : JobStatus.Enqueued;

    public bool IsOver => Status is JobStatus.Completed or JobStatus.Failed or JobStatus.Cancelled;

    /// <summary>Ends its work; set while it has any.</summary>
    public CancellationTokenSource? Stop { get; set; }

    public int DeviceCount
    {
        get
        {
            lock (_guard)
            {
                return _devices.Count;
            }
        }
    }

    /// <summary>The parts in the order of their devices.</summary>
    public IReadOnlyList<DeviceJob> Devices
    {
        get
        {
            lock (_guard)
            {
                return [.. _devices.Values.OrderBy(device => device.Identity, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Begins with the devices that the condition has found.</summary>
    /// <returns>False when it has been cancelled before.</returns>
    public bool TryBegin(IEnumerable<string> identities, DateTimeOffset now)
    {
        lock (_guard)
        {
            if (IsOver)
            {
                return false;
            }

            Status = JobStatus.Running;
            foreach (string identity in identities)
            {
                _devices[identity] = new DeviceJob(identity, JobStatus.Enqueued, now);
            }

            return true;
        }
    }

    /// <summary>Takes one device a step further, unless the job is over.</summary>
    public void Step(string identity, Func<DeviceJob, DeviceJob> step)
    {
        lock (_guard)
        {
            if (!IsOver)
            {
                _devices[identity] = step(_devices[identity]);
            }
        }
    }

    /// <summary>Ends it; devices that have not come to an end get one of the same kind.</summary>
    /// <param name="status">Completed, failed or cancelled.</param>
    /// <param name="reason">Why it failed; null otherwise.</param>
    /// <param name="now">The instant.</param>
    /// <returns>False when it was over before.</returns>
    public bool TryEnd(JobStatus status, string? reason, DateTimeOffset now)
    {
        lock (_guard)
        {
            if (IsOver)
            {
                return false;
            }

            foreach (DeviceJob open in _devices.Values.Where(device => device.Ended is null).ToArray())
            {
                JobStatus fate = status == JobStatus.Completed ? JobStatus.Failed : status;
                _devices[open.Identity] = open with { Status = fate, Ended = now, ErrorName = fate == JobStatus.Failed ? "JobNotCompleted" : null, ErrorText = reason };
            }

            (Status, _failureReason, _ended) = (status, reason, now);
            return true;
        }
    }

    /// <summary>What <c>GET /jobs/v2/{id}</c> answers.</summary>
    public JsonObject Describe()
    {
        lock (_guard)
        {
            return new JsonObject
            {
                ["jobId"] = Request.Id,
                ["queryCondition"] = Request.QueryCondition,
                ["createdTime"] = Times.Stamp(Created),
                ["startTime"] = Times.Stamp(Request.Start),
                ["endTime"] = _ended is { } ended ? Times.Stamp(ended) : null,
                ["maxExecutionTimeInSeconds"] = Request.MaxExecutionTimeInSeconds,
                ["type"] = Request.Type,
                ["cloudToDeviceMethod"] = Request.Method?.DeepClone(),
                ["updateTwin"] = Request.Twin?.DeepClone(),
                ["status"] = JobNames.Of(Status),
                ["failureReason"] = _failureReason,
                ["statusMessage"] = null,
                ["deviceJobStatistics"] = new JsonObject
                {
                    ["deviceCount"] = _devices.Count,
                    ["failedCount"] = CountOf(JobStatus.Failed),
                    ["succeededCount"] = CountOf(JobStatus.Completed),
                    ["runningCount"] = CountOf(JobStatus.Running),
                    ["pendingCount"] = CountOf(JobStatus.Enqueued),
                },
            };
        }
    }

    public JobRecord ToRecord()
    {
        lock (_guard)
        {
            return new JobRecord(Request, Created, Status, _failureReason, _ended, [.. _devices.Values]);
        }
    }

    /// <summary>Puts back what was remembered.</summary>
    public static ScheduledJob FromRecord(JobRecord record)
    {
        var job = new ScheduledJob(record.Request, record.Created) { Status = record.Status, _failureReason = record.FailureReason, _ended = record.Ended };
        foreach (DeviceJob device in record.Devices)
        {
            job._devices[device.Identity] = device;
        }

        return job;
    }

    private int CountOf(JobStatus status) => _devices.Values.Count(device => device.Status == status);
}
