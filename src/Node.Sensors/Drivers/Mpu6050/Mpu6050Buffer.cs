namespace Node.Sensors.Drivers;

/// <summary>What the FIFO held since it was last read.</summary>
/// <param name="Samples">Whole samples, oldest first, one sample period apart; those with a value at the end of its range included.</param>
/// <param name="SamplesWereLost">The FIFO overflowed or the chip lost power: what it held was thrown away, and samples between the last call and now are missing.</param>
public sealed record Mpu6050Buffer(IReadOnlyList<Mpu6050Reading> Samples, bool SamplesWereLost);
