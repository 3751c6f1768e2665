namespace Node.Sensors.Drivers;

/// <summary>
/// How far the chip's answer to its self-test is from what the factory measured, as a fraction for each axis; <see langword="null"/> for an
/// axis that the factory did not test. Source: RM-MPU-6000A revision 4.2, section 4.1; limits of PS-MPU-6000A revision 3.4, sections 6.1 and 6.2.
/// </summary>
/// <param name="Accelerometer">X, Y, Z.</param>
/// <param name="Gyroscope">X, Y, Z.</param>
public sealed record Mpu6050SelfTest(IReadOnlyList<double?> Accelerometer, IReadOnlyList<double?> Gyroscope)
{
    /// <summary>The largest change that the product specification allows: 14 %.</summary>
    public const double LargestChange = 0.14;

    /// <summary>Whether every axis that can be judged is within <see cref="LargestChange"/>.</summary>
    public bool Passed => Accelerometer.Concat(Gyroscope).All(static change => change is null || Math.Abs(change.Value) <= LargestChange);

    /// <param name="registers">SELF_TEST_X, Y, Z and A.</param>
    /// <param name="response">Counts with self-test minus counts without: accelerometer X, Y, Z at ±8 g, gyroscope X, Y, Z at ±250 °/s.</param>
    internal static Mpu6050SelfTest Judge(ReadOnlySpan<byte> registers, ReadOnlySpan<double> response)
    {
        double?[] accelerometer = new double?[3];
        double?[] gyroscope = new double?[3];
        for (int axis = 0; axis < 3; axis++)
        {
            int low = (registers[3] >> (4 - (2 * axis))) & 0x03;
            accelerometer[axis] = Change(response[axis], AccelerometerTrim(((registers[axis] >> 3) & 0x1C) | low));
            gyroscope[axis] = Change(response[axis + 3], GyroscopeTrim(registers[axis] & 0x1F, isY: axis == 1));
        }

        return new Mpu6050SelfTest(accelerometer, gyroscope);
    }

    /// <summary>Counts at ±8 g: 4096 · 0.34 · (0.92/0.34)^((code − 1)/30), from 0.34 g to 0.92 g.</summary>
    internal static double AccelerometerTrim(int code) => code == 0 ? 0.0 : 4096 * 0.34 * Math.Pow(0.92 / 0.34, (code - 1) / 30.0);

    /// <summary>Counts at ±250 °/s: 25 · 131 · 1.046^(code − 1), negative for Y.</summary>
    internal static double GyroscopeTrim(int code, bool isY) => code == 0 ? 0.0 : (isY ? -25 : 25) * 131 * Math.Pow(1.046, code - 1);

    private static double? Change(double response, double trim) => trim == 0.0 ? null : (response - trim) / trim;
}
