namespace Node.Sensors.Filters;

/// <summary>What a window of values is condensed to. The values are free of NaN, at least one, and may be reordered.</summary>
internal static class WindowStatistics
{
    /// <summary>The middle value; of an even number the mean of the two in the middle.</summary>
    public static double Median(Span<double> values)
    {
        values.Sort();
        int middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    /// <summary>The smallest value that is not smaller than the given share, 0 to 1, of all.</summary>
    public static double Quantile(Span<double> values, double quantile)
    {
        values.Sort();
        int position = (int)Math.Ceiling(values.Length * quantile) - 1;
        return values[Math.Max(position, 0)];
    }

    public static double Minimum(Span<double> values)
    {
        double least = values[0];
        foreach (double value in values) { least = Math.Min(least, value); }

        return least;
    }

    public static double Maximum(Span<double> values)
    {
        double most = values[0];
        foreach (double value in values) { most = Math.Max(most, value); }

        return most;
    }

    public static double Mean(Span<double> values)
    {
        double sum = 0;
        foreach (double value in values) { sum += value; }

        return sum / values.Length;
    }
}
