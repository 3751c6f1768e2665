namespace Node.Sensors.Emulation;

/// <summary>
/// The registers by which a host takes an MPU-6050's errors away: what they hold is added to every sample. The register map names neither;
/// the address and unit of each are those that the Linux kernel's driver and i2cdevlib use: 2048 counts a g with the lowest bit reserved, and
/// 32.8 counts for a degree per second, whatever the ranges.
/// </summary>
internal sealed class Mpu6050Offsets(RegisterMap registers)
{
    private const byte Accelerometer = 0x06;
    private const byte Gyroscope = 0x13;
    private const double CountsPerG = 2048;
    private const double CountsPerDegreePerSecond = 32.8;
    private const int ReservedBit = 1;

    public void Describe()
    {
        for (int axis = 0; axis < 3; axis++)
        {
            char name = "XYZ"[axis];
            registers.Add((byte)(Accelerometer + (2 * axis)), $"{name}A_OFFS_H");
            registers.Add((byte)(Accelerometer + (2 * axis) + 1), $"{name}A_OFFS_L_TC");
            registers.Add((byte)(Gyroscope + (2 * axis)), $"{name}G_OFFS_USRH");
            registers.Add((byte)(Gyroscope + (2 * axis) + 1), $"{name}G_OFFS_USRL");
        }
    }

    /// <summary>In g, or from axis 3 on in degrees per second.</summary>
    public double Of(int axis) => axis < 3
        ? (Word(Accelerometer, axis) & ~ReservedBit) / CountsPerG
        : Word(Gyroscope, axis - 3) / CountsPerDegreePerSecond;

    private int Word(int first, int axis) => (short)((registers[(byte)(first + (2 * axis))] << 8) | registers[(byte)(first + (2 * axis) + 1)]);
}
