namespace Node.Sensors.Filters;

/// <summary>
/// median, quantile, min, max and sliding_window_moving_average: the last values, condensed to one for every so many that came. NaN takes a
/// place in the window and does not count; a window of nothing else gives NaN.
/// </summary>
internal sealed class WindowFilter(int size, int sendEvery, int sendFirstAt, Func<Span<double>, double> statistic) : Filter
{
    private readonly Queue<double> _window = new(Math.Min(size, 64));
    private double[] _known = [];
    private int _sinceSent = sendEvery - sendFirstAt;

    public override double? Accept(double value, TimeSpan now)
    {
        if (_window.Count == size) { _window.Dequeue(); }

        _window.Enqueue(value);
        if (++_sinceSent < sendEvery) { return null; }

        _sinceSent = 0;
        return Condense();
    }

    private double Condense()
    {
        if (_known.Length < _window.Count) { _known = new double[Math.Min(size, _window.Count * 2)]; }

        int count = 0;
        foreach (double value in _window)
        {
            if (!double.IsNaN(value)) { _known[count++] = value; }
        }

        return count == 0 ? double.NaN : statistic(_known.AsSpan(0, count));
    }
}
