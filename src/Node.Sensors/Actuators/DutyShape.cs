namespace Node.Sensors.Actuators;

/// <summary>How a proportional (PWM) output moves between its levels. Switching off is always immediate.</summary>
public sealed record DutyShape
{
    /// <summary>The lowest level other than off, above 0 to 1: below it a fan stalls. Default 0.01.</summary>
    public double MinimumDuty { get; init; } = 0.01;

    /// <summary>The highest level, from the lowest to 1. Default 1.</summary>
    public double MaximumDuty { get; init; } = 1;

    /// <summary>How fast the level may change, in full scales per second; 0 for at once. Default 0.</summary>
    public double SlewPerSecond { get; init; }

    /// <summary>The level that gets a standing load going, 0 to 1; used when it is above the one asked for. Default 0: none.</summary>
    public double BoostDuty { get; init; }

    /// <summary>How long the start takes <see cref="BoostDuty"/>. Default 0: not at all.</summary>
    public TimeSpan BoostTime { get; init; }
}
