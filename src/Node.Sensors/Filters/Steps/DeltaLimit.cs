namespace Node.Sensors.Filters;

/// <summary>A difference that delta asks for.</summary>
/// <param name="Absolute">In the unit of the value.</param>
/// <param name="Share">Of the reference, 1 for 100 %.</param>
internal readonly record struct DeltaLimit(double Absolute, double Share)
{
    public static DeltaLimit None => new(0, 0);

    public static DeltaLimit Infinite => new(double.PositiveInfinity, 0);

    public double Of(double reference) => Math.Abs(Absolute + (reference * Share));
}
