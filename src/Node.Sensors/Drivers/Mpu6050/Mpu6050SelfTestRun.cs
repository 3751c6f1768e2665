namespace Node.Sensors.Drivers;

/// <summary>
/// The self-test of an initialised MPU-6050: the mean of some samples with the chip pushing its own sensors against the mean without, held
/// against what the factory measured. Leaves the chip with the settings of the test. Source: RM-MPU-6000A revision 4.2, section 4.1.
/// </summary>
/// <param name="port">The chip.</param>
/// <param name="settling">How long the sensors need after a change.</param>
/// <param name="time">The clock for the waits.</param>
internal sealed class Mpu6050SelfTestRun(Mpu6050Port port, TimeSpan settling, TimeProvider time)
{
    private const int Samples = 20;

    public async ValueTask<Mpu6050SelfTest> RunAsync(CancellationToken cancellationToken)
    {
        byte[] trims = port.ReadTrims();
        double[] without = await MeanAsync(0, cancellationToken);
        double[] with = await MeanAsync(Mpu6050Register.SelfTestOn, cancellationToken);
        return Mpu6050SelfTest.Judge(trims, [.. with.Zip(without, static (on, off) => on - off)]);
    }

    private async ValueTask<double[]> MeanAsync(byte selfTest, CancellationToken cancellationToken)
    {
        port.UseSelfTestRanges(selfTest);
        await Task.Delay(settling, time, cancellationToken);
        double[] sums = new double[6];
        for (int sample = 0; sample < Samples; sample++)
        {
            Mpu6050Frame frame = await port.NextSampleAsync(cancellationToken);
            short[] words = [frame.AccelerationX, frame.AccelerationY, frame.AccelerationZ, frame.RateX, frame.RateY, frame.RateZ];
            for (int axis = 0; axis < sums.Length; axis++) { sums[axis] += words[axis]; }
        }

        return [.. sums.Select(static sum => sum / Samples)];
    }
}
