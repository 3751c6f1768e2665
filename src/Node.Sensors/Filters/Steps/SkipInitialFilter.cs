namespace Node.Sensors.Filters;

/// <summary>skip_initial: the first values after the start go no further.</summary>
internal sealed class SkipInitialFilter(int count) : Filter
{
    private int _left = count;

    public override double? Accept(double value, TimeSpan now)
    {
        if (_left == 0) { return value; }

        _left--;
        return null;
    }
}
