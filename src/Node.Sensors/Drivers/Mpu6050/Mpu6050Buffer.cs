namespace Node.Sensors.Drivers;

/// <summary>What the FIFO held since it was last read.</summary>
/// <param name="Samples">Whole samples, oldest first, one sample period apart; those with a value at the end of its range included.</param>
/// <param name="SamplesWereLost">
/// The FIFO overflowed or was restarted since the last call, because the chip lost power, failed a transfer or tested itself: samples between
/// that call and the first of these are missing.
/// </param>
public sealed record Mpu6050Buffer(IReadOnlyList<Mpu6050Reading> Samples, bool SamplesWereLost);
