using Node.Host.Composition;
using Node.Host.Spool;

namespace Node.Host.Configuration;

/// <summary>Everything the node can be told before it starts: configuration section <c>Node</c>, already checked.</summary>
internal sealed record NodeOptions
{
    public HubOptions Hub { get; init; } = new();

    public required string DataFolder { get; init; }

    public HttpOptions Http { get; init; } = new();

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

    public LogFormat LogFormat { get; init; } = LogFormat.Simple;
}

/// <summary>How a log line looks: for people, or one JSON object a line.</summary>
internal enum LogFormat
{
    Simple,
    Json,
}
