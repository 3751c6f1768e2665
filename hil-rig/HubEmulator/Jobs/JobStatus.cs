namespace HubEmulator.Jobs;

/// <summary>How far a job, or its part on one device, has come. The names in parentheses are those on the wire.</summary>
internal enum JobStatus
{
    /// <summary>(<c>scheduled</c>) Its time has not come.</summary>
    Scheduled,

    /// <summary>(<c>enqueued</c>) Its time has come, and it is about to begin; of a device: it waits for its turn (<c>pending</c>).</summary>
    Enqueued,

    /// <summary>(<c>running</c>) It works.</summary>
    Running,

    /// <summary>(<c>completed</c>) It has done with every device, whatever each made of it; of a device: it went well.</summary>
    Completed,

    /// <summary>(<c>failed</c>) It could not be run, or ran out of time; of a device: it went wrong.</summary>
    Failed,

    /// <summary>(<c>cancelled</c>) A service ended it; of a device: before its turn (<c>canceled</c>).</summary>
    Cancelled,
}
