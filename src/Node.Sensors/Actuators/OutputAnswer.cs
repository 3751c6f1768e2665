namespace Node.Sensors.Actuators;

/// <summary>What became of a command.</summary>
/// <param name="Refusal">Why nothing was done; <see cref="OutputRefusal.None"/> when it was.</param>
/// <param name="Reason">The refusal for people, with what helps; empty when done.</param>
/// <param name="RetryAfter">When the same command will do; <see langword="null"/> when waiting alone does not help, or when done.</param>
/// <param name="Status">What is in force now.</param>
public sealed record OutputAnswer(OutputRefusal Refusal, string Reason, TimeSpan? RetryAfter, OutputStatus Status)
{
    /// <summary>Whether the command was carried out.</summary>
    public bool IsDone => Refusal == OutputRefusal.None;
}

/// <summary>Why a command was not carried out.</summary>
public enum OutputRefusal
{
    /// <summary>It was.</summary>
    None,

    /// <summary>The level or the duration is one that the output cannot have.</summary>
    OutOfRange,

    /// <summary>It has not been on, or off, for the shortest time yet.</summary>
    Dwell,

    /// <summary>It was switched too short a time ago.</summary>
    SwitchInterval,

    /// <summary>Another output of its interlock group is on, or may be.</summary>
    Interlock,

    /// <summary>Another output of its interlock group went off too short a time ago.</summary>
    DeadTime,

    /// <summary>It waits to be armed again.</summary>
    Disarmed,

    /// <summary>It is at fault: it cannot be driven, or reads back another state than it was given.</summary>
    Fault,

    /// <summary>Its pin could not be opened.</summary>
    Unavailable,

    /// <summary>The program is stopping.</summary>
    Stopping,
}
