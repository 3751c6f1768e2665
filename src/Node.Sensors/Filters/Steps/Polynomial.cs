namespace Node.Sensors.Filters;

/// <summary>
/// calibrate_polynomial: the polynomial of best fit. It is computed and kept in a variable that runs from -1 to 1 over the points, where
/// high powers stay of one size, so that raw ADC codes and pascals fit as well as degrees.
/// </summary>
internal sealed class Polynomial
{
    private readonly double[] _coefficients;
    private readonly double _centre;
    private readonly double _half;

    private Polynomial(double[] coefficients, double centre, double half)
    {
        _coefficients = coefficients;
        _centre = centre;
        _half = half;
    }

    /// <summary>There must be more points with a different "from" than the degree says.</summary>
    public static Polynomial BestFit(IReadOnlyList<(double From, double To)> points, int degree)
    {
        double low = points.Min(static point => point.From);
        double high = points.Max(static point => point.From);
        double centre = (low + high) / 2;
        double half = high > low ? (high - low) / 2 : 1;
        double[,] system = new double[degree + 1, degree + 2];
        foreach ((double from, double to) in points)
        {
            for (int row = 0; row <= degree; row++)
            {
                double weight = Math.Pow((from - centre) / half, row);
                for (int column = 0; column <= degree; column++) { system[row, column] += weight * Math.Pow((from - centre) / half, column); }

                system[row, degree + 1] += weight * to;
            }
        }

        return new Polynomial(Solve(system, degree + 1), centre, half);
    }

    public double At(double value)
    {
        double variable = (value - _centre) / _half;
        double result = 0;
        for (int power = _coefficients.Length - 1; power >= 0; power--) { result = (result * variable) + _coefficients[power]; }

        return result;
    }

    /// <summary>Gauss's elimination with the largest pivot.</summary>
    private static double[] Solve(double[,] system, int size)
    {
        for (int pivot = 0; pivot < size; pivot++)
        {
            int best = Enumerable.Range(pivot, size - pivot).MaxBy(row => Math.Abs(system[row, pivot]));
            for (int column = pivot; column <= size; column++) { (system[pivot, column], system[best, column]) = (system[best, column], system[pivot, column]); }

            for (int row = pivot + 1; row < size; row++)
            {
                double factor = system[row, pivot] / system[pivot, pivot];
                for (int column = pivot; column <= size; column++) { system[row, column] -= factor * system[pivot, column]; }
            }
        }

        double[] solution = new double[size];
        for (int row = size - 1; row >= 0; row--)
        {
            double rest = system[row, size];
            for (int column = row + 1; column < size; column++) { rest -= system[row, column] * solution[column]; }

            solution[row] = rest / system[row, row];
        }

        return solution;
    }
}
