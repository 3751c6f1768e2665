namespace Node.Sensors.Filters;

/// <summary>Turns each value into another one, whatever came before: offset, multiply, calibrations, rounding.</summary>
internal sealed class MappingFilter(Func<double, double> map) : Filter
{
    public override double? Accept(double value, TimeSpan now) => map(value);
}
