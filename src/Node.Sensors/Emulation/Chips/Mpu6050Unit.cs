namespace Node.Sensors.Emulation;

/// <summary>
/// What differs between emulated MPU-6050s: the factory trims of the self-test, what the self-test really gives, and the errors that the
/// datasheet allows. Axes in the order accelerometer X, Y, Z, gyroscope X, Y, Z. Source: MPU-6000/MPU-6050 product specification
/// PS-MPU-6000A revision 3.4, sections 6.1 and 6.2; register map RM-MPU-6000A revision 4.2, section 4.1.
/// </summary>
/// <param name="Trims">Six codes, 1 to 31; 0 would mean that the factory tested nothing.</param>
/// <param name="SelfTestDeviation">How far each axis's self-test response is from its trim, as a fraction; a good unit is within 0.14.</param>
/// <param name="Gain">Each axis's sensitivity, where 1 is exact; within 3 %.</param>
/// <param name="Offset">What each axis shows at rest, in g and in degrees per second; within 50 mg (Z 80 mg) and 20 °/s.</param>
/// <param name="NoiseSeed">Fixes the noise, or <see langword="null"/> for none.</param>
internal sealed record Mpu6050Unit(int[] Trims, double[] SelfTestDeviation, double[] Gain, double[] Offset, int? NoiseSeed)
{
    public const int Axes = 6;

    private static readonly double[] LargestOffset = [0.050, 0.050, 0.080, 20, 20, 20];

    public static Mpu6050Unit Draw(int seed, bool imperfect)
    {
        Random random = new(seed);
        double Within(double limit) => limit * ((2.0 * random.NextDouble()) - 1.0);
        int[] trims = [.. Enumerable.Range(0, Axes).Select(_ => random.Next(8, 25))];
        double[] deviation = [.. Enumerable.Range(0, Axes).Select(_ => Within(0.08))];
        double[] gain = [.. Enumerable.Range(0, Axes).Select(_ => imperfect ? 1.0 + Within(0.03) : 1.0)];
        double[] offset = [.. LargestOffset.Select(limit => imperfect ? Within(limit) : 0.0)];
        return new Mpu6050Unit(trims, deviation, gain, offset, imperfect ? random.Next() : null);
    }

    /// <summary>SELF_TEST_X, Y, Z and A: the upper three bits of an accelerometer code share a register with the gyroscope's, the lower two have one of their own.</summary>
    public byte[] SelfTestRegisters() =>
    [
        (byte)(((Trims[0] >> 2) << 5) | Trims[3]),
        (byte)(((Trims[1] >> 2) << 5) | Trims[4]),
        (byte)(((Trims[2] >> 2) << 5) | Trims[5]),
        (byte)(((Trims[0] & 3) << 4) | ((Trims[1] & 3) << 2) | (Trims[2] & 3)),
    ];

    /// <summary>What switching an axis's self-test on adds to it, in g or in degrees per second; the gyroscope's Y answers the other way round.</summary>
    public double SelfTestResponse(int axis)
    {
        double trim = axis < 3
            ? 0.34 * Math.Pow(0.92 / 0.34, (Trims[axis] - 1) / 30.0)
            : 25.0 * Math.Pow(1.046, Trims[axis] - 1) * (axis == 4 ? -1.0 : 1.0);
        return Trims[axis] == 0 ? 0.0 : trim * (1.0 + SelfTestDeviation[axis]);
    }
}
