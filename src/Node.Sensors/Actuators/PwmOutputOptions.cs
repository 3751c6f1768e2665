namespace Node.Sensors.Actuators;

/// <summary>One PWM output.</summary>
public sealed record PwmOutputOptions
{
    /// <summary>The highest frequency on a <see cref="Pin"/>, in hertz.</summary>
    public const int HighestSoftwareFrequency = SoftwarePwmChannel.HighestFrequency;

    /// <summary>The PWM chip's number (<c>/sys/class/pwm/pwmchipN</c>), from 0. Default 0.</summary>
    public int Chip { get; init; }

    /// <summary>The channel of the chip, from 0. Default 0.</summary>
    public int Channel { get; init; }

    /// <summary>
    /// The GPIO pin (BCM number) that a timer of the program switches, in place of a hardware channel; or <see langword="null"/> (default).
    /// Chip and channel then have no meaning, and <see cref="Frequency"/> is at most <see cref="HighestSoftwareFrequency"/>.
    /// </summary>
    public int? Pin { get; init; }

    /// <summary>The frequency in hertz, 1 to 1,000,000. Default 25,000, what four-wire fans expect.</summary>
    public int Frequency { get; init; } = 25_000;

    /// <summary>Whether a low level drives the load, as behind an inverting transistor. Default no.</summary>
    public bool Inverted { get; init; }

    /// <summary>The level to take at the start and at disposal, 0 to 1. Default 0.</summary>
    public double FailSafeLevel { get; init; }
}
