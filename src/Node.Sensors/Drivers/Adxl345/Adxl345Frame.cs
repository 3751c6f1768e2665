using System.Buffers.Binary;

namespace Node.Sensors.Drivers;

/// <summary>The raw words of one sample, right-justified and sign-extended.</summary>
internal readonly record struct Adxl345Frame(short X, short Y, short Z)
{
    /// <summary>Data registers 0x32 to 0x37.</summary>
    public const int Length = 6;

    public static Adxl345Frame Decode(ReadOnlySpan<byte> registers) => new(
        BinaryPrimitives.ReadInt16LittleEndian(registers),
        BinaryPrimitives.ReadInt16LittleEndian(registers[2..]),
        BinaryPrimitives.ReadInt16LittleEndian(registers[4..]));
}
