namespace HilRig.Fleet;

/// <summary>What <c>hilrig fleet</c> was asked for.</summary>
internal sealed record FleetOptions
{
    /// <summary>The most nodes: each is a process with its own runtime.</summary>
    public const int MostNodes = 200;

    /// <summary>1 to <see cref="MostNodes"/>.</summary>
    public required int Nodes { get; init; }

    /// <summary>How long the fleet runs once every node is connected, or a minute after the last was started; 5 s to 1 day.</summary>
    public required TimeSpan For { get; init; }

    /// <summary>How long the hub is away in the middle of it; zero for not at all. At most half of <see cref="For"/>.</summary>
    public TimeSpan Outage { get; init; }

    /// <summary>Where the JSON summary goes; null for nowhere.</summary>
    public string? SummaryFile { get; init; }

    /// <summary>Keeps hub and nodes; null takes a temporary folder.</summary>
    public string? DataFolder { get; init; }
}
