namespace Node.Sensors.Signals;

/// <summary>The resistor inside the Pi that holds an open line.</summary>
public enum GpioPull
{
    /// <summary>None: the line is driven both ways, or has its own resistor.</summary>
    None,

    /// <summary>To the supply.</summary>
    Up,

    /// <summary>To ground.</summary>
    Down,
}
