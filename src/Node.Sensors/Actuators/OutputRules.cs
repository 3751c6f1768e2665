namespace Node.Sensors.Actuators;

/// <summary>What an output is by its wiring; it does not change while the program runs. A level is 0 (off) to 1 (fully on).</summary>
public sealed record OutputRules
{
    /// <summary>The output's name, by which interlocks and refusals call it.</summary>
    public required string Name { get; init; }

    /// <summary>The level to take when nobody is in charge, 0 to 1: at the start, at the stop, and after whatever went wrong. Default 0.</summary>
    public double FailSafeLevel { get; init; }

    /// <summary>Outputs with the same group are never on together; <see langword="null"/> for none. Its members' fail-safe level is 0.</summary>
    public string? InterlockGroup { get; init; }

    /// <summary>How long every other member of the group must have been off before this one may be switched on. Default 0.</summary>
    public TimeSpan DeadTime { get; init; }

    /// <summary>Whether a lost connection, a fault or a crash leaves the output in its fail-safe state until it is armed again. Default no.</summary>
    public bool NeedsRearming { get; init; }

    /// <summary>How a proportional output moves; <see langword="null"/> for one that is on or off.</summary>
    public DutyShape? Shape { get; init; }
}
