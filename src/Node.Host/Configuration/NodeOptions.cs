using Node.Host.Composition;
using Node.Host.Spool;

namespace Node.Host.Configuration;

/// <summary>Everything the node can be told before it starts: configuration section <c>Node</c>, already checked.</summary>
internal sealed record NodeOptions
{
    public HubOptions Hub { get; init; } = new();

    public required string DataFolder { get; init; }

    public HttpOptions Http { get; init; } = new();

    /// <summary>Readings for other containers on the same machine. Default: none.</summary>
    public NeighbourOptions Neighbours { get; init; } = new();

    public BusOptions Bus { get; init; } = new();

    public IReadOnlyList<SensorOptions> Sensors { get; init; } = [];

    public IReadOnlyList<ActuatorOptions> Actuators { get; init; } = [];

    /// <summary>Time between two turns of the hub client while nothing is going on. Default 100 ms; 10 ms to 10 s.</summary>
    public TimeSpan DoWorkInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>What makes the wall clock believable. Default: what the machine has.</summary>
    public ClockTrust ClockTrust { get; init; }

    public SpoolLimits Spool { get; init; } = new();

    /// <summary>How and when readings go out. Default: each alone and at once.</summary>
    public UploadOptions Upload { get; init; } = new();

    /// <summary>The actuator that the method <c>identify</c> blinks; null for the only one that can, where there is just one.</summary>
    public string? IdentifyActuator { get; init; }

    public LogFormat LogFormat { get; init; } = LogFormat.Auto;

    /// <summary>Starts in a row that did not become good, after which the node starts in safe mode. Default 10; 0 for never, to 100.</summary>
    public int BadBoots { get; init; } = 10;

    /// <summary>How long the node must have run for its start to be good. Default 1 minute; 1 s to 1 h.</summary>
    public TimeSpan BootIsGoodAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether the node runs in safe mode: not configured, but found out at the start.</summary>
    public bool IsSafeMode { get; init; }

    /// <summary>What is left in safe mode: no actuators, sensors without filters and without which the node starts too.</summary>
    public NodeOptions ForSafeMode() => this with
    {
        IsSafeMode = true,
        Actuators = [],
        IdentifyActuator = null,
        Sensors = [.. Sensors.Select(sensor => sensor with { Filters = FilterMap.None, Startup = StartupBehaviour.Retry })],
    };
}

/// <summary>How a log line looks.</summary>
internal enum LogFormat
{
    /// <summary>As <see cref="Systemd"/> where the journal reads it, else as <see cref="Simple"/>.</summary>
    Auto,

    /// <summary>For people.</summary>
    Simple,

    /// <summary>One JSON object a line.</summary>
    Json,

    /// <summary>For the journal: its priority first, such as <c>&lt;6&gt;</c>.</summary>
    Systemd,
}
