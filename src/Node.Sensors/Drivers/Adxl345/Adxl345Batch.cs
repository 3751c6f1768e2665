namespace Node.Sensors.Drivers;

/// <summary>Consecutive samples, oldest first, one <see cref="Adxl345Options.Period"/> apart.</summary>
/// <param name="FirstIndex">How many samples the recorder gave before these.</param>
/// <param name="Readings">At least one.</param>
/// <param name="MayFollowGap">
/// Whether samples may be missing before or among these: the FIFO was found full, the chip lost power, or reading failed. The first batch
/// follows no gap.
/// </param>
/// <param name="Events">What the chip detected since the batch before.</param>
public sealed record Adxl345Batch(long FirstIndex, IReadOnlyList<Adxl345Reading> Readings, bool MayFollowGap, Adxl345Events Events);
