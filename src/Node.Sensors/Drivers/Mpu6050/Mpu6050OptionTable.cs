namespace Node.Sensors.Drivers;

/// <summary>The options of an MPU-6050 as texts.</summary>
internal static class Mpu6050OptionTable
{
    public static SensorOptionTable<Mpu6050Options> Create() => new SensorOptionTable<Mpu6050Options>(new(), static options => options.Validate())
        .Choice("AccelerometerRange", "the largest acceleration, in g", static o => o.AccelerometerRange, static (o, v) => o with { AccelerometerRange = v })
        .Choice("GyroscopeRange", "the largest angular rate", static o => o.GyroscopeRange, static (o, v) => o with { GyroscopeRange = v })
        .Choice("Filter", "the bandwidth of the chip's low-pass filter", static o => o.Filter, static (o, v) => o with { Filter = v })
        .Integer("SampleRateDivider", "samples a second are 1000 (8000 with Hertz256) divided by one more than this", 0, 255, static o => o.SampleRateDivider, static (o, v) => o with { SampleRateDivider = v })
        .Flag("BufferSamples", "whether the chip keeps samples in its FIFO", static o => o.BufferSamples, static (o, v) => o with { BufferSamples = v })
        .Integer("InterruptPin", "the header's pin (BCM number) that INT is wired to; left out, the chip is asked over the bus", 0, 53, static o => o.InterruptPin, static (o, v) => o with { InterruptPin = v })
        .Integer("TransferAttempts", "how often a transfer that the bus failed is tried in all", 1, 10, static o => o.TransferAttempts, static (o, v) => o with { TransferAttempts = v });
}
