namespace Node.Sensors.Drivers;

/// <summary>The values of one sampling instant, not yet held against the operating ranges.</summary>
/// <param name="AccelerationXG">In standard gravities, gravity included.</param>
/// <param name="AccelerationYG">In standard gravities, gravity included.</param>
/// <param name="AccelerationZG">In standard gravities, gravity included.</param>
/// <param name="RateXDegreesPerSecond">About the X axis, counter-clockwise positive.</param>
/// <param name="RateYDegreesPerSecond">About the Y axis, counter-clockwise positive.</param>
/// <param name="RateZDegreesPerSecond">About the Z axis, counter-clockwise positive.</param>
/// <param name="TemperatureCelsius">Of the chip itself, −40 to 85 °C.</param>
public readonly record struct Mpu6050Reading(
    double AccelerationXG, double AccelerationYG, double AccelerationZG,
    double RateXDegreesPerSecond, double RateYDegreesPerSecond, double RateZDegreesPerSecond,
    double TemperatureCelsius);
