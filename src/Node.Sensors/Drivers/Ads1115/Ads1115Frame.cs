using System.Buffers.Binary;

namespace Node.Sensors.Drivers;

/// <summary>The code of one conversion, in two's complement. Source: ADS1115 datasheet SBAS444, data format.</summary>
internal readonly record struct Ads1115Frame(short Code)
{
    /// <summary>The conversion register.</summary>
    public const int Length = 2;

    /// <summary>Codes for a full scale, if there were one more.</summary>
    private const double CodesForFullScale = 32768.0;

    /// <summary>At both ends the converter clips, so the code says only that the voltage is at least that.</summary>
    public bool IsClipped => Code is short.MinValue or short.MaxValue;

    public static Ads1115Frame Decode(ReadOnlySpan<byte> register) => new(BinaryPrimitives.ReadInt16BigEndian(register));

    public double Volts(double fullScaleVolts) => Code * fullScaleVolts / CodesForFullScale;
}
