namespace Node.Sensors.Drivers;

/// <summary>How an MPU-6050 measures. The defaults give 100 samples a second, filtered below half of that, in the finest ranges.</summary>
public sealed record Mpu6050Options
{
    /// <summary>Default ±2 g. A value at the end of the range is a fault, not a reading.</summary>
    public Mpu6050AccelerometerRange AccelerometerRange { get; init; } = Mpu6050AccelerometerRange.G2;

    /// <summary>Default ±250 °/s. A value at the end of the range is a fault, not a reading.</summary>
    public Mpu6050GyroscopeRange GyroscopeRange { get; init; } = Mpu6050GyroscopeRange.DegreesPerSecond250;

    /// <summary>Default 42 Hz.</summary>
    public Mpu6050Filter Filter { get; init; } = Mpu6050Filter.Hertz42;

    /// <summary>
    /// Samples are taken at the gyroscope's rate (1 kHz, with <see cref="Mpu6050Filter.Hertz256"/> 8 kHz) divided by one more than this, 0 to
    /// 255. It changes the rate only, never the scale. Default 9: 100 a second.
    /// </summary>
    public int SampleRateDivider { get; init; } = 9;

    /// <summary>
    /// Whether the chip keeps samples in its FIFO (1024 bytes: 73 samples) for <see cref="Mpu6050.ReadBufferAsync"/>. Default
    /// <see langword="false"/>.
    /// </summary>
    public bool BufferSamples { get; init; }

    /// <summary>
    /// The header's pin (BCM number) to which INT is wired, 0 to 53; it then ends the wait for a sample. Default <see langword="null"/>: the
    /// chip is asked over the bus.
    /// </summary>
    public int? InterruptPin { get; init; }

    /// <summary>How often a transfer that the bus failed is tried in all, 1 to 10. Default 3. A read of the FIFO is never repeated.</summary>
    public int TransferAttempts { get; init; } = 3;

    internal void Validate()
    {
        ThrowIfOutside((int)AccelerometerRange, 0, (int)Mpu6050AccelerometerRange.G16, nameof(AccelerometerRange));
        ThrowIfOutside((int)GyroscopeRange, 0, (int)Mpu6050GyroscopeRange.DegreesPerSecond2000, nameof(GyroscopeRange));
        ThrowIfOutside((int)Filter, 0, (int)Mpu6050Filter.Hertz5, nameof(Filter));
        ThrowIfOutside(SampleRateDivider, 0, byte.MaxValue, nameof(SampleRateDivider));
        if (InterruptPin is { } pin) { ThrowIfOutside(pin, 0, 53, nameof(InterruptPin)); }

        ThrowIfOutside(TransferAttempts, 1, 10, nameof(TransferAttempts));
    }

    private static void ThrowIfOutside(int value, int lowest, int highest, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, lowest, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, highest, name);
    }
}
