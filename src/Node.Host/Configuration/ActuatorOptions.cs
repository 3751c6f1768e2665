using Node.Sensors.Actuators;

namespace Node.Host.Configuration;

/// <summary>One actuator: configuration section <c>Node:Actuators:{name}</c>. Its name is its Plug and Play component's.</summary>
internal sealed record ActuatorOptions
{
    public required string Name { get; init; }

    /// <summary>What it is. <c>DigitalOutput</c> is a pin that is on or off, <c>Pwm</c> a PWM channel with levels in between.</summary>
    public string Kind { get; init; } = DigitalKind;

    /// <summary>GPIO number as the chip counts them (BCM numbering). 0 to 53. Without meaning for a PWM channel of the hardware.</summary>
    public int Pin { get; init; }

    /// <summary>Whether a low level switches the load on, as with most relay boards. Default false.</summary>
    public bool ActiveLow { get; init; }

    /// <summary>The level taken at start, at stop and when the node fails: 0 or 1, or between them for PWM. Default 0, off.</summary>
    public double FailSafeLevel { get; init; }

    /// <summary>The PWM channel; its fail-safe level and polarity come from the members here. Used for <c>Pwm</c> alone.</summary>
    public PwmOutputOptions Pwm { get; init; } = new();

    /// <summary>How a PWM channel moves between its levels; null for a pin.</summary>
    public DutyShape? Shape { get; init; }

    /// <summary>The safety limits before the twin changes them.</summary>
    public OutputLimits Limits { get; init; } = new();

    /// <summary>Actuators with the same word are never on together; null for none.</summary>
    public string? Interlock { get; init; }

    /// <summary>How long the others of the interlock must have been off. Default 0; up to 1 hour.</summary>
    public TimeSpan DeadTime { get; init; }

    /// <summary>Whether a hub loss, a fault or a crash while it was on leaves it safe until the method <c>arm</c>. Default false.</summary>
    public bool NeedsRearming { get; init; }

    public const string DigitalKind = "DigitalOutput";

    public const string PwmKind = "Pwm";

    public static readonly TimeSpan LongestLimit = TimeSpan.FromDays(7);

    public bool IsPwm => Kind == PwmKind;

    /// <summary>Whether it has a GPIO pin: every digital output, and PWM that a timer makes.</summary>
    public bool UsesPin => !IsPwm || Pwm.Pin is not null;

    public bool FailSafeOn => FailSafeLevel > 0;

    /// <summary>What of this is the output's for good.</summary>
    public OutputRules Rules => new()
    {
        Name = Name,
        FailSafeLevel = FailSafeLevel,
        InterlockGroup = Interlock,
        DeadTime = DeadTime,
        NeedsRearming = NeedsRearming,
        Shape = IsPwm ? Shape ?? new DutyShape() : null,
    };
}
