namespace Node.Sensors.Drivers;

/// <summary>When an ADXL345 reports activity (registers THRESH_ACT and ACT_INACT_CTL).</summary>
public sealed record Adxl345ActivityOptions
{
    /// <summary>The axes of which one suffices. Default all.</summary>
    public Adxl345Axes Axes { get; init; } = Adxl345Axes.All;

    /// <summary>The acceleration to exceed, in g, in steps of 0.0625: 0.0625 to 15.9375. Default 0.5.</summary>
    public double ThresholdG { get; init; } = 0.5;

    /// <summary>Whether the threshold counts from where the detection began, so that gravity does not matter. Default <see langword="true"/>.</summary>
    public bool RelativeToStart { get; init; } = true;
}
