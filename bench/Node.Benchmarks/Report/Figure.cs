using System.Globalization;

namespace Node.Benchmarks.Report;

/// <summary>How figures are written.</summary>
internal static class Figure
{
    /// <summary>With thousands separators, without decimals.</summary>
    public static string Whole(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Two decimals.</summary>
    public static string Fine(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>Three decimals.</summary>
    public static string Finest(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
