using System.Buffers.Binary;

namespace Node.Sensors.Drivers;

/// <summary>The raw words of one sample, in two's complement. Source: RM-MPU-6000A revision 4.2, sections 4.17 to 4.19.</summary>
internal readonly record struct Mpu6050Frame(short AccelerationX, short AccelerationY, short AccelerationZ, short Temperature, short RateX, short RateY, short RateZ)
{
    /// <summary>Registers 0x3B to 0x48, and a whole sample in the FIFO.</summary>
    public const int Length = 14;

    /// <summary>At both ends a converter clips, so the word says only that the quantity is at least that.</summary>
    public bool IsAccelerationClipped => IsClipped(AccelerationX) || IsClipped(AccelerationY) || IsClipped(AccelerationZ);

    /// <summary>The same for the angular rate.</summary>
    public bool IsRateClipped => IsClipped(RateX) || IsClipped(RateY) || IsClipped(RateZ);

    public static Mpu6050Frame Decode(ReadOnlySpan<byte> registers) => new(
        Word(registers, 0), Word(registers, 1), Word(registers, 2), Word(registers, 3), Word(registers, 4), Word(registers, 5), Word(registers, 6));

    /// <summary>The divider of the sample rate is not part of any scale.</summary>
    public Mpu6050Reading ToReading(Mpu6050Settings settings) => new(
        AccelerationX / settings.CountsPerG,
        AccelerationY / settings.CountsPerG,
        AccelerationZ / settings.CountsPerG,
        RateX / settings.CountsPerDegreePerSecond,
        RateY / settings.CountsPerDegreePerSecond,
        RateZ / settings.CountsPerDegreePerSecond,
        (Temperature / 340.0) + 36.53); // section 4.18; the MPU-6500's formula is another

    private static short Word(ReadOnlySpan<byte> registers, int word) => BinaryPrimitives.ReadInt16BigEndian(registers[(2 * word)..]);

    private static bool IsClipped(short word) => word is short.MinValue or short.MaxValue;
}
