namespace HilRig.Fleet;

/// <summary>How one node of a fleet fared.</summary>
/// <param name="DeviceId">Its name at the hub.</param>
internal sealed record FleetNodeReport(string DeviceId)
{
    /// <summary>From its start until the hub accepted it, provisioning included; null when that never came.</summary>
    public double? ConnectSeconds { get; init; }

    /// <summary>From its start until its first reading was at the hub; null when none came.</summary>
    public double? FirstTelemetrySeconds { get; init; }

    /// <summary>Times that the hub accepted it.</summary>
    public int Connects { get; init; }

    /// <summary>Readings that its spool numbered.</summary>
    public long Stored { get; init; }

    /// <summary>Different readings at the hub.</summary>
    public long Distinct { get; init; }

    /// <summary>Readings that the hub got more than once.</summary>
    public long Repeats { get; init; }

    /// <summary>Readings still in its spool.</summary>
    public long Pending { get; init; }

    /// <summary>Stored readings that are neither at the hub nor in the spool.</summary>
    public long Lost { get; init; }

    /// <summary>Resident memory just before the stop.</summary>
    public double ResidentMebibytes { get; init; }

    /// <summary>Processor time of its life, its start included.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>Of its stop; null when it was never started.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What was promised and not kept; null when all was well.</summary>
    public string? Broken { get; init; }
}
