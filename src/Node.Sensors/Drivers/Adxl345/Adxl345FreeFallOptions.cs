namespace Node.Sensors.Drivers;

/// <summary>When an ADXL345 reports a free fall (registers THRESH_FF and TIME_FF).</summary>
public sealed record Adxl345FreeFallOptions
{
    /// <summary>The acceleration that all axes stay within, in g, in steps of 0.0625: 0.0625 to 15.9375. Default 0.4375; the datasheet recommends 0.3 to 0.6.</summary>
    public double ThresholdG { get; init; } = 0.4375;

    /// <summary>For how long, in steps of 5 ms: 5 to 1275 ms. Default 150 ms; the datasheet recommends 100 to 350 ms.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMilliseconds(150);
}
