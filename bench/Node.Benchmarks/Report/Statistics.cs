using System.Globalization;

namespace Node.Benchmarks.Report;

/// <summary>Order statistics.</summary>
internal static class Statistics
{
    /// <summary>The middle of several values.</summary>
    public static double Median(IEnumerable<double> values) => Quantile(values, 0.5);

    /// <summary>The value below which this share of all lies.</summary>
    public static double Quantile(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted[Math.Min((int)(sorted.Length * share), sorted.Length - 1)];
    }
}

/// <summary>A ratio over several rounds.</summary>
/// <param name="Median">The middle.</param>
/// <param name="Least">The smallest.</param>
/// <param name="Most">The largest.</param>
internal readonly record struct Ratio(double Median, double Least, double Most)
{
    /// <summary>From the ratios of the rounds.</summary>
    public static Ratio Of(IEnumerable<double> ratios)
    {
        double[] all = [.. ratios];
        return new Ratio(Statistics.Median(all), all.Min(), all.Max());
    }

    /// <summary>The middle, then the extremes: <c>12.5 (11.9–13.0)</c>.</summary>
    public override string ToString() => $"{Format(Median)} ({Format(Least)}–{Format(Most)})";

    private static string Format(double value) => value.ToString(value >= 10 ? "0.0" : value >= 1 ? "0.00" : "0.000", CultureInfo.InvariantCulture);
}
