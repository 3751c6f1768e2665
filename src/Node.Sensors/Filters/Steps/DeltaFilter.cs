namespace Node.Sensors.Filters;

/// <summary>
/// delta: passes the first value, and every further one that differs from the reference by more than the minimum and by no more than the
/// maximum. The reference is the value that passed last, or the baseline if one is set. NaN passes only as long as nothing else did.
/// </summary>
internal sealed class DeltaFilter(DeltaLimit minimum, DeltaLimit maximum, double baseline) : Filter
{
    private double _passed = double.NaN;

    public override double? Accept(double value, TimeSpan now)
    {
        if (!double.IsNaN(_passed))
        {
            double reference = double.IsNaN(baseline) ? _passed : baseline;
            double difference = Math.Abs(value - reference);
            if (!(difference > minimum.Of(reference) && difference <= maximum.Of(reference))) { return null; }
        }

        _passed = value;
        return value;
    }
}
