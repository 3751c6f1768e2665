namespace Node.Sensors.Drivers;

/// <summary>When an ADXL345 reports inactivity (registers THRESH_INACT, TIME_INACT and ACT_INACT_CTL).</summary>
public sealed record Adxl345InactivityOptions
{
    /// <summary>The axes that must all be still. Default all.</summary>
    public Adxl345Axes Axes { get; init; } = Adxl345Axes.All;

    /// <summary>The acceleration to stay below, in g, in steps of 0.0625: 0.0625 to 15.9375. Default 0.1875.</summary>
    public double ThresholdG { get; init; } = 0.1875;

    /// <summary>For how long, in whole seconds: 1 to 255 s. Default 10 s.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the threshold counts from where the detection began, so that gravity does not matter. Default <see langword="true"/>.</summary>
    public bool RelativeToStart { get; init; } = true;
}
