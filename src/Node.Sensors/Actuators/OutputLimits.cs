namespace Node.Sensors.Actuators;

/// <summary>An output's safety limits; they may change while the program runs. Zero means no limit.</summary>
public sealed record OutputLimits
{
    /// <summary>The longest time on without a break; it outranks every shortest time. Needs a fail-safe level of 0.</summary>
    public TimeSpan MaximumOnTime { get; init; }

    /// <summary>The shortest time that it stays on when switched off by command. What makes it safe does not wait.</summary>
    public TimeSpan MinimumOnTime { get; init; }

    /// <summary>The shortest time that it stays off; counted anew from every start of the program, which cannot know what was before.</summary>
    public TimeSpan MinimumOffTime { get; init; }

    /// <summary>The shortest time between two commands that switch it.</summary>
    public TimeSpan MinimumSwitchInterval { get; init; }

    /// <summary>How long a command holds: without another one the output then goes back to its fail-safe state.</summary>
    public TimeSpan Lease { get; init; }

    /// <summary>How long the connection may be lost before the output takes its fail-safe state.</summary>
    public TimeSpan CommunicationTimeout { get; init; }
}
