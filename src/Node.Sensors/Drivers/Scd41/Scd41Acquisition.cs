namespace Node.Sensors.Drivers;

/// <summary>When an SCD41 measures (SCD4x datasheet, sections 3.5, 3.8 and 3.10).</summary>
public enum Scd41Acquisition
{
    /// <summary>The chip, every five seconds.</summary>
    EveryFiveSeconds,

    /// <summary>The chip, about every thirty seconds, at a fifth of the power.</summary>
    EveryThirtySeconds,

    /// <summary>The node: each reading takes five seconds, the first one ten. The chip rests in between.</summary>
    SingleShot,
}
