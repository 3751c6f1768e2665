namespace Node.Sensors.Drivers;

/// <summary>When an ADXL345 takes a shock for a tap (registers THRESH_TAP, DUR, Latent, Window and TAP_AXES). Detection needs 100 Hz or more.</summary>
public sealed record Adxl345TapOptions
{
    /// <summary>The axes looked at. Default all.</summary>
    public Adxl345Axes Axes { get; init; } = Adxl345Axes.All;

    /// <summary>The acceleration that a tap exceeds, in g, in steps of 0.0625: 0.0625 to 15.9375. Default 3.</summary>
    public double ThresholdG { get; init; } = 3.0;

    /// <summary>A shock that lasts this long is no tap; in steps of 625 µs: 0.625 to 159.375 ms. Default 30 ms.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMilliseconds(30);

    /// <summary>After the first tap, how long to wait for the window of the second; in steps of 1.25 ms, 0 to 318.75 ms. Default 80 ms; 0: no double taps.</summary>
    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(80);

    /// <summary>How long the second tap may begin after the latency; in steps of 1.25 ms, 0 to 318.75 ms. Default 240 ms; 0: no double taps.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMilliseconds(240);

    /// <summary>Whether a shock within the latency spoils the double tap. Default <see langword="false"/>.</summary>
    public bool SuppressWithinLatency { get; init; }
}
