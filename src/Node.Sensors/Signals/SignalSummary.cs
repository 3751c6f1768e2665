namespace Node.Sensors.Signals;

/// <summary>A window of samples in a few figures, each without the mean, so that gravity and offsets do not count.</summary>
/// <param name="Mean">The mean, in the samples' unit.</param>
/// <param name="Rms">The root of the mean square, in the samples' unit.</param>
/// <param name="Peak">The largest distance from the mean, in the samples' unit.</param>
/// <param name="PeakToPeak">The largest sample minus the smallest, in the samples' unit.</param>
/// <param name="CrestFactor">Peak by RMS: 1.41 for a sine, more for shocks; <see langword="null"/> when nothing moves.</param>
/// <param name="DominantHertz">The frequency with most power, in hertz; <see langword="null"/> when nothing moves.</param>
public readonly record struct SignalSummary(double Mean, double Rms, double Peak, double PeakToPeak, double? CrestFactor, double? DominantHertz);
