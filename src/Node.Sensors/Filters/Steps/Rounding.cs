namespace Node.Sensors.Filters;

/// <summary>round, round_to_multiple_of and round_to_significant_digits. What is no finite number stays as it is.</summary>
internal static class Rounding
{
    /// <summary>To so many decimals, halves away from zero.</summary>
    public static double ToDecimals(double value, int decimals) =>
        double.IsFinite(value) ? Math.Round(value, decimals, MidpointRounding.AwayFromZero) : value;

    /// <summary>To the nearest multiple, halves to the even one.</summary>
    public static double ToMultiple(double value, double multiple) =>
        double.IsFinite(value) ? value - Math.IEEERemainder(value, multiple) : value;

    public static double ToSignificantDigits(double value, int digits)
    {
        if (!double.IsFinite(value) || value == 0) { return value; }

        double scale = Math.Pow(10, digits - Math.Ceiling(Math.Log10(Math.Abs(value))));
        return Math.Round(value * scale, MidpointRounding.AwayFromZero) / scale;
    }
}
