namespace Node.Sensors.Actuators;

/// <summary>What somebody wants of an output.</summary>
public sealed record OutputCommand
{
    private OutputCommand(OutputCommandKind kind, string by, double? level = null, TimeSpan? duration = null)
    {
        Kind = kind;
        By = by;
        Level = level;
        Duration = duration;
    }

    /// <summary>What is to be done.</summary>
    public OutputCommandKind Kind { get; }

    /// <summary>Who asks, for the status; no secret.</summary>
    public string By { get; }

    /// <summary>The level asked for; <see langword="null"/> where the kind says it, or for the last level that was on.</summary>
    public double? Level { get; }

    /// <summary>A pulse's length.</summary>
    public TimeSpan? Duration { get; }

    /// <summary>Takes a level, 0 to 1, and holds it for the lease.</summary>
    public static OutputCommand Set(double level, string by) => new(OutputCommandKind.Set, by, level);

    /// <summary>Switches on, to the level that it last had (at first its highest).</summary>
    public static OutputCommand On(string by) => new(OutputCommandKind.Set, by);

    /// <summary>Switches over: off when on, and on when off.</summary>
    public static OutputCommand Toggle(string by) => new(OutputCommandKind.Toggle, by);

    /// <summary>Takes a level (by default the opposite of the fail-safe state) for a while, then the fail-safe state.</summary>
    public static OutputCommand Pulse(TimeSpan duration, string by, double? level = null) => new(OutputCommandKind.Pulse, by, level, duration);

    /// <summary>Takes the fail-safe state at once, whatever dwell times say.</summary>
    public static OutputCommand MakeSafe(string by) => new(OutputCommandKind.MakeSafe, by);

    /// <summary>Allows switching again after a loss, a fault or a crash; switches nothing.</summary>
    public static OutputCommand Arm(string by) => new(OutputCommandKind.Arm, by);
}

/// <summary>The kinds of commands.</summary>
public enum OutputCommandKind
{
    /// <summary>Take a level.</summary>
    Set,

    /// <summary>Switch over.</summary>
    Toggle,

    /// <summary>Take a level for a while.</summary>
    Pulse,

    /// <summary>Take the fail-safe state.</summary>
    MakeSafe,

    /// <summary>Allow switching again.</summary>
    Arm,
}
