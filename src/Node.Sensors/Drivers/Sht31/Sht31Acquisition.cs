namespace Node.Sensors.Drivers;

/// <summary>Who decides when an SHT31 measures (SHT3x-DIS datasheet, sections 4.3, 4.5 and 4.7).</summary>
public enum Sht31Acquisition
{
    /// <summary>The node: one measurement for each reading, asleep in between.</summary>
    SingleShot,

    /// <summary>The chip, once in two seconds.</summary>
    EveryTwoSeconds,

    /// <summary>The chip, once a second.</summary>
    OncePerSecond,

    /// <summary>The chip, twice a second.</summary>
    TwicePerSecond,

    /// <summary>The chip, four times a second.</summary>
    FourTimesPerSecond,

    /// <summary>The chip, ten times a second. The datasheet warns of self-heating.</summary>
    TenTimesPerSecond,

    /// <summary>The chip, four times a second with accelerated response time; the repeatability does not matter.</summary>
    AcceleratedResponse,
}
