using System.Globalization;

namespace Node.Sensors.Drivers;

/// <summary>Quantities as digits of the ADXL345's registers. Source: ADXL345 datasheet, rev. E, register definitions.</summary>
internal static class Adxl345Scale
{
    /// <summary>Steps of one g in every range with full resolution, and in the smallest one without.</summary>
    public const int StepsPerG = 256;

    private const double ThresholdDigitG = 0.0625;
    private const double OffsetDigitG = 1.0 / 64;

    /// <exception cref="ArgumentOutOfRangeException">The number is outside its range, or none.</exception>
    public static void ThrowUnlessWithin(double value, double minimum, double maximum, string name)
    {
        if (value >= minimum && value <= maximum) { return; } // false for what is no number

        throw new ArgumentOutOfRangeException(name, value, string.Create(CultureInfo.InvariantCulture, $"Allowed is {minimum} to {maximum}."));
    }

    public static byte Threshold(double g, string name) => Digits(g / ThresholdDigitG, 1, 255, name);

    public static byte Offset(double g, string name)
    {
        double digits = Math.Round(g / OffsetDigitG);
        ThrowUnlessWithin(digits, sbyte.MinValue, sbyte.MaxValue, name);
        return (byte)(sbyte)digits;
    }

    /// <param name="time">The time.</param>
    /// <param name="digitMicroseconds">What one digit of the register stands for.</param>
    /// <param name="least">The fewest digits: 0 where that switches something off, 1 elsewhere.</param>
    /// <param name="name">The option's name.</param>
    public static byte Time(TimeSpan time, int digitMicroseconds, int least, string name) =>
        Digits(time.TotalMicroseconds / digitMicroseconds, least, 255, name);

    private static byte Digits(double exact, int least, int most, string name)
    {
        double digits = Math.Round(exact);
        ThrowUnlessWithin(digits, least, most, name);
        return (byte)digits;
    }
}
