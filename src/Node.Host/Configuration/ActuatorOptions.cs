namespace Node.Host.Configuration;

/// <summary>One actuator: configuration section <c>Node:Actuators:{name}</c>. Its name is its Plug and Play component's.</summary>
internal sealed record ActuatorOptions
{
    public required string Name { get; init; }

    /// <summary>What it is. <c>DigitalOutput</c> is a pin that is on or off.</summary>
    public string Kind { get; init; } = "DigitalOutput";

    /// <summary>GPIO number as the chip counts them (BCM numbering). 0 to 53.</summary>
    public required int Pin { get; init; }

    /// <summary>Whether a low level switches the load on, as with most relay boards. Default false.</summary>
    public bool ActiveLow { get; init; }

    /// <summary>The state taken at start, at stop and when the node fails. Default off.</summary>
    public bool FailSafeOn { get; init; }
}
