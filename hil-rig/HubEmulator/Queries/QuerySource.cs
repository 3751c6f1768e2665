namespace HubEmulator.Queries;

/// <summary>What a query runs over.</summary>
internal enum QuerySource
{
    /// <summary><c>devices</c>: the twins of devices.</summary>
    Devices,

    /// <summary><c>devices.modules</c>: the twins of modules.</summary>
    Modules,

    /// <summary><c>devices.jobs</c>: the parts of jobs on devices.</summary>
    Jobs,
}
