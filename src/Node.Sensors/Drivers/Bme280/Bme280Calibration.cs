using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Node.Sensors.Drivers;

/// <summary>
/// A chip's factory words and the formulas that turn raw words into quantities. Source: BME280 datasheet, section 4.2.2 for the words and
/// appendix 8.1 for the double-precision formulas.
/// </summary>
internal sealed record Bme280Calibration
{
    public required ushort T1 { get; init; }
    public required short T2 { get; init; }
    public required short T3 { get; init; }
    public required ushort P1 { get; init; }
    public required short P2 { get; init; }
    public required short P3 { get; init; }
    public required short P4 { get; init; }
    public required short P5 { get; init; }
    public required short P6 { get; init; }
    public required short P7 { get; init; }
    public required short P8 { get; init; }
    public required short P9 { get; init; }
    public required byte H1 { get; init; }
    public required short H2 { get; init; }
    public required byte H3 { get; init; }
    public required short H4 { get; init; }
    public required short H5 { get; init; }
    public required sbyte H6 { get; init; }

    /// <summary>Reads the words from registers 0x88 to 0xA1 and 0xE1 to 0xE7.</summary>
    /// <returns><see langword="false"/> when a block is all zeros or all ones, or a word that the formulas divide or multiply by is zero: no factory writes that.</returns>
    public static bool TryParse(ReadOnlySpan<byte> low, ReadOnlySpan<byte> high, [NotNullWhen(true)] out Bme280Calibration? calibration)
    {
        calibration = null;
        if (IsBlank(low) || IsBlank(high)) { return false; }

        Bme280Calibration parsed = Parse(low, high);
        if (parsed.T1 == 0 || parsed.T2 == 0 || parsed.P1 == 0 || parsed.H2 == 0) { return false; }

        calibration = parsed;
        return true;
    }

    /// <summary>The temperature in units of 1/5120 °C, on which pressure and humidity depend.</summary>
    public double FineTemperature(int raw)
    {
        double first = ((raw / 16384.0) - (T1 / 1024.0)) * T2;
        double offset = (raw / 131072.0) - (T1 / 8192.0);
        return first + (offset * offset * T3);
    }

    public static double Celsius(double fineTemperature) => fineTemperature / 5120.0;

    /// <returns>Pascals, or <see langword="null"/> when the formula would divide by zero.</returns>
    public double? Pascals(int raw, double fineTemperature)
    {
        double t = (fineTemperature / 2.0) - 64000.0;
        double offset = (((P6 * t * t / 32768.0) + (t * P5 * 2.0)) / 4.0) + (P4 * 65536.0);
        double slope = ((P3 * t * t / 524288.0) + (P2 * t)) / 524288.0;
        double divisor = (1.0 + (slope / 32768.0)) * P1;
        if (divisor == 0.0) { return null; }

        double linear = (1048576.0 - raw - (offset / 4096.0)) * 6250.0 / divisor;
        double correction = (P9 * linear * linear / 2147483648.0) + (linear * P8 / 32768.0) + P7;
        return linear + (correction / 16.0);
    }

    /// <returns>Percent relative humidity, held to 0 to 100 as the datasheet's formula does.</returns>
    public double Percent(int raw, double fineTemperature)
    {
        double t = fineTemperature - 76800.0;
        double zero = (H4 * 64.0) + (H5 / 16384.0 * t);
        double gain = H2 / 65536.0 * (1.0 + (H6 / 67108864.0 * t * (1.0 + (H3 / 67108864.0 * t))));
        double linear = (raw - zero) * gain;
        return Math.Clamp(linear * (1.0 - (H1 * linear / 524288.0)), 0.0, 100.0);
    }

    private static Bme280Calibration Parse(ReadOnlySpan<byte> low, ReadOnlySpan<byte> high) => new()
    {
        T1 = BinaryPrimitives.ReadUInt16LittleEndian(low),
        T2 = Signed(low, 2),
        T3 = Signed(low, 4),
        P1 = BinaryPrimitives.ReadUInt16LittleEndian(low[6..]),
        P2 = Signed(low, 8),
        P3 = Signed(low, 10),
        P4 = Signed(low, 12),
        P5 = Signed(low, 14),
        P6 = Signed(low, 16),
        P7 = Signed(low, 18),
        P8 = Signed(low, 20),
        P9 = Signed(low, 22),
        H1 = low[25],
        H2 = Signed(high, 0),
        H3 = high[2],
        H4 = SignedTwelve(upper: high[3], lowerNibble: high[4] & 0x0F),
        H5 = SignedTwelve(upper: high[5], lowerNibble: high[4] >> 4),
        H6 = (sbyte)high[6],
    };

    private static short Signed(ReadOnlySpan<byte> registers, int at) => BinaryPrimitives.ReadInt16LittleEndian(registers[at..]);

    /// <summary>The upper byte carries the sign, so it is widened as a signed number before the nibble joins.</summary>
    private static short SignedTwelve(byte upper, int lowerNibble) => (short)(((sbyte)upper * 16) + lowerNibble);

    private static bool IsBlank(ReadOnlySpan<byte> registers) => !registers.ContainsAnyExcept((byte)0x00) || !registers.ContainsAnyExcept((byte)0xFF);
}
