namespace Node.Sensors.Actuators;

/// <summary>One GPIO output and the states that matter for safety. "On" is the actuator's view, whatever level the pin needs for it.</summary>
public sealed record DigitalOutputOptions
{
    /// <summary>The pin's BCM number, 0 to 53.</summary>
    public required int Pin { get; init; }

    /// <summary>Whether a high level switches the actuator on. Default <see langword="true"/>; many relay boards need <see langword="false"/>.</summary>
    public bool ActiveHigh { get; init; } = true;

    /// <summary>The state to take when nobody is in charge: at the start and on disposal. Default off.</summary>
    public bool FailSafeOn { get; init; }
}
