namespace HubEmulator.Jobs;

/// <summary>The names of statuses on the wire.</summary>
internal static class JobNames
{
    public static string Of(JobStatus status) => status.ToString().ToLowerInvariant();

    public static string OfDevice(JobStatus status) => status switch
    {
        JobStatus.Enqueued or JobStatus.Scheduled => "pending",
        JobStatus.Cancelled => "canceled", // the enumeration of device jobs has one l, that of jobs two
        _ => Of(status),
    };

    /// <summary>True when a filter means the status; the Node SDK has words of its own for two of them.</summary>
    public static bool Means(string filter, JobStatus status) => filter.Length == 0
        || filter.Equals(Of(status), StringComparison.OrdinalIgnoreCase)
        || (status == JobStatus.Enqueued && filter.Equals("queued", StringComparison.OrdinalIgnoreCase))
        || (status == JobStatus.Completed && filter.Equals("finished", StringComparison.OrdinalIgnoreCase));

    /// <summary>True for a word that a filter may be.</summary>
    public static bool IsKnown(string filter) => filter.Length == 0 || Enum.GetValues<JobStatus>().Any(status => Means(filter, status));
}
