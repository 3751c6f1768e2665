namespace Node.Sensors.Drivers;

/// <summary>One sample of the three axes, in standard gravities.</summary>
/// <param name="XG">Along x.</param>
/// <param name="YG">Along y.</param>
/// <param name="ZG">Along z.</param>
/// <param name="IsClipped">Whether an axis is at an end of the range, so that the true value may lie beyond it.</param>
public readonly record struct Adxl345Reading(double XG, double YG, double ZG, bool IsClipped);
