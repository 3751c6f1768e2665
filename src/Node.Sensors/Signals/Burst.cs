namespace Node.Sensors.Signals;

/// <summary>A complete burst.</summary>
/// <param name="Path">The file.</param>
/// <param name="Start">When its first sample was taken.</param>
/// <param name="Samples">Samples in each channel.</param>
/// <param name="Gaps">How often samples may be missing; 0 for a burst without loss.</param>
/// <param name="Clipped">Samples at an end of the range.</param>
public sealed record Burst(string Path, DateTimeOffset Start, long Samples, long Gaps, long Clipped);
