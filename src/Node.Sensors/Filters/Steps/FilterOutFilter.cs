namespace Node.Sensors.Filters;

/// <summary>filter_out: drops values that are equal, after rounding to so many decimals, to one of a list; NaN may be on the list.</summary>
internal sealed class FilterOutFilter(IReadOnlyList<double> values, int decimals) : Filter
{
    public override double? Accept(double value, TimeSpan now) => IsAmong(values, value, decimals) ? null : value;

    /// <summary>Compares after rounding; NaN equals NaN.</summary>
    internal static bool IsAmong(IReadOnlyList<double> values, double value, int decimals)
    {
        double rounded = Rounding.ToDecimals(value, decimals);
        return values.Any(one => Rounding.ToDecimals(one, decimals).Equals(rounded));
    }
}
