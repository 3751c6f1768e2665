using System.Globalization;

namespace Node.Sensors.Filters;

/// <summary>Reads the parameters of calibrate_linear and calibrate_polynomial, and lists of numbers.</summary>
internal static class CalibrationReader
{
    private const int MostPoints = 64;
    private const int HighestDegree = 8;

    public static Func<TimeSpan, Filter> ReadLinear(StepReader reader)
    {
        bool isExact = reader.Choice("method", "least_squares", "least_squares", "exact") == "exact";
        (double From, double To)[] points = ReadPoints(reader, least: 2);
        int different = points.Select(static point => point.From).Distinct().Count();
        if (points.Length >= 2 && (isExact ? different < points.Length : different < 2))
        {
            reader.Fault(reader.Node.Path, isExact ? "two datapoints have the same 'from'; with method exact each needs its own" : "all datapoints have the same 'from'; at least two must differ");
        }

        return _ => new MappingFilter((isExact ? PiecewiseLine.Through(points) : PiecewiseLine.BestFit(points)).At);
    }

    public static Func<TimeSpan, Filter> ReadPolynomial(StepReader reader)
    {
        int degree = reader.Integer("degree", null, 0, HighestDegree);
        (double From, double To)[] points = ReadPoints(reader, least: 1);
        int different = points.Select(static point => point.From).Distinct().Count();
        if (points.Length > 0 && degree >= different)
        {
            reader.Fault(reader.Node.Path, string.Create(CultureInfo.InvariantCulture,
                $"degree is {degree}; allowed with {different} different datapoints is 0 to {different - 1}"));
        }

        return _ => new MappingFilter(Polynomial.BestFit(points, degree).At);
    }

    /// <summary>One number, several in a list, or several in a text with semicolons; "nan" is one of them.</summary>
    public static double[] ReadNumbers(StepReader reader, string name, bool isMain)
    {
        SettingNode? place = reader.Find(name, isMain);
        if (place is null)
        {
            if (isMain) { reader.Fault(reader.Node.Path, $"needs the parameter '{name}'"); }
            return [];
        }

        List<double> numbers = [];
        foreach ((SettingNode node, string text) in Items(place))
        {
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)) { numbers.Add(number); }
            else { reader.Fault(node.Path, $"'{text}' is not allowed; allowed is a number or nan, and several with semicolons between"); }
        }

        if (numbers.Count is 0 or > MostPoints) { reader.Fault(place.Path, $"has {numbers.Count} values; allowed are 1 to {MostPoints}"); }

        reader.Note($"{name}={string.Join("; ", numbers.Select(static one => one.ToString("R", CultureInfo.InvariantCulture)))}");
        return [.. numbers];
    }

    /// <summary>Datapoints as text <c>0 -> 0.5; 100 -> 99</c>, as a list or map of such texts, or of {from, to}; sorted here, for a map has no order.</summary>
    private static (double From, double To)[] ReadPoints(StepReader reader, int least)
    {
        if (reader.Find("datapoints", isMain: true) is not { } place)
        {
            reader.Fault(reader.Node.Path, "needs the parameter 'datapoints'");
            return [];
        }

        List<(double From, double To)> points = [];
        foreach ((SettingNode node, string text) in Items(place))
        {
            string[] parts = text.Split("->", 2, StringSplitOptions.TrimEntries);
            if (parts.Length == 2 && TryNumber(parts[0], out double from) && TryNumber(parts[1], out double to)) { points.Add((from, to)); }
            else { reader.Fault(node.Path, $"'{text}' is not allowed; allowed is two numbers such as 0.5 -> 0.7"); }
        }

        if (points.Count < least || points.Count > MostPoints) { reader.Fault(place.Path, $"has {points.Count} datapoints; allowed are {least} to {MostPoints}"); }

        (double From, double To)[] sorted = [.. points.OrderBy(static point => point.From)];
        reader.Note("datapoints=" + string.Join("; ", sorted.Select(static point => string.Create(CultureInfo.InvariantCulture, $"{point.From} -> {point.To}"))));
        return sorted;
    }

    private static IEnumerable<(SettingNode Node, string Text)> Items(SettingNode place)
    {
        if (place.Text is { } text)
        {
            return text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(item => (place, item));
        }

        return place.Children.Values.Select(static item => (item, item.Text
            ?? (item.Children.TryGetValue("from", out SettingNode? from) && item.Children.TryGetValue("to", out SettingNode? to) ? $"{from.Text} -> {to.Text}" : "")));
    }

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
}
