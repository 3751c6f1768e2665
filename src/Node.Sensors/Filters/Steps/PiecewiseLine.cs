namespace Node.Sensors.Filters;

/// <summary>calibrate_linear: one line of best fit, or the lines through each two neighbours, the outer ones going on for ever.</summary>
internal sealed class PiecewiseLine
{
    private readonly (double Slope, double Bias, double Below)[] _pieces;

    private PiecewiseLine((double Slope, double Bias, double Below)[] pieces)
    {
        _pieces = pieces;
    }

    /// <summary>Method least_squares. At least two points must have a different "from".</summary>
    public static PiecewiseLine BestFit(IReadOnlyList<(double From, double To)> points)
    {
        double meanFrom = points.Average(static point => point.From);
        double meanTo = points.Average(static point => point.To);
        double together = points.Sum(point => (point.From - meanFrom) * (point.To - meanTo));
        double spread = points.Sum(point => (point.From - meanFrom) * (point.From - meanFrom));
        double slope = together / spread;
        return new PiecewiseLine([(slope, meanTo - (slope * meanFrom), double.PositiveInfinity)]);
    }

    /// <summary>Method exact. The points must be sorted, each with its own "from".</summary>
    public static PiecewiseLine Through(IReadOnlyList<(double From, double To)> points) =>
        new([.. points.Zip(points.Skip(1)).Select((pair, index) => Between(pair.First, pair.Second, isLast: index == points.Count - 2))]);

    public double At(double value)
    {
        foreach ((double slope, double bias, double below) in _pieces)
        {
            if (value < below) { return (value * slope) + bias; }
        }

        return double.IsNaN(value) ? value : (value * _pieces[^1].Slope) + _pieces[^1].Bias;
    }

    private static (double Slope, double Bias, double Below) Between((double From, double To) left, (double From, double To) right, bool isLast)
    {
        double slope = (right.To - left.To) / (right.From - left.From);
        return (slope, left.To - (slope * left.From), isLast ? double.PositiveInfinity : right.From);
    }
}
