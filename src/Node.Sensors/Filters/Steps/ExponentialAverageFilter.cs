namespace Node.Sensors.Filters;

/// <summary>exponential_moving_average: begins at the first value. NaN passes in its turn and leaves the average as it is.</summary>
internal sealed class ExponentialAverageFilter(double alpha, int sendEvery, int sendFirstAt) : Filter
{
    private double? _average;
    private int _sinceSent = sendEvery - sendFirstAt;

    public override double? Accept(double value, TimeSpan now)
    {
        if (!double.IsNaN(value)) { _average = _average is { } before ? (alpha * value) + ((1 - alpha) * before) : value; }

        if (++_sinceSent < sendEvery) { return null; }

        _sinceSent = 0;
        return double.IsNaN(value) ? value : _average;
    }
}
