namespace Node.Sensors.Drivers;

/// <summary>How finely a BH1750 measures (technical note, measurement mode explanation). Times hold for a measurement time of 69 and scale with it.</summary>
public enum Bh1750Resolution
{
    /// <summary>About 4 lx in at most 24 ms: L-resolution mode.</summary>
    Low,

    /// <summary>About 1 lx in at most 180 ms, over periods of the mains so that lamps do not flicker into the value: H-resolution mode.</summary>
    OneLux,

    /// <summary>About 0.5 lx in at most 180 ms, with half the range: H-resolution mode 2.</summary>
    HalfLux,
}
