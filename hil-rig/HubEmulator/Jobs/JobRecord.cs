namespace HubEmulator.Jobs;

/// <summary>A job as it is remembered.</summary>
internal sealed record JobRecord(JobRequest Request, DateTimeOffset Created, JobStatus Status, string? FailureReason, DateTimeOffset? Ended, List<DeviceJob> Devices);
