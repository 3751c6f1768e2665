namespace Node.Sensors.Filters;

/// <summary>
/// or: gives every value to each filter, and passes what the first of them lets through. What one brings out later by itself passes when
/// nothing has passed since the last value came: at most one passes for each value.
/// </summary>
internal sealed class OrFilter(IReadOnlyList<Filter> filters) : Filter
{
    private bool _hasPassed;

    public override TimeSpan? Due => filters.Min(static filter => filter.Due);

    public override double? Accept(double value, TimeSpan now)
    {
        double? passed = null;
        foreach (Filter filter in filters)
        {
            double? through = filter.Accept(value, now);
            passed ??= through;
        }

        _hasPassed = passed is not null;
        return passed;
    }

    public override double? Turn(TimeSpan now)
    {
        TimeSpan? due = Due;
        double? brought = filters.First(filter => filter.Due == due).Turn(now);
        if (brought is null || _hasPassed) { return null; }

        _hasPassed = true;
        return brought;
    }
}
