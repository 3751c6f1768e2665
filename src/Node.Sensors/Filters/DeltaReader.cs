using System.Globalization;

namespace Node.Sensors.Filters;

/// <summary>Reads the parameters of delta: each difference is a number, or a percentage of the reference such as <c>2%</c>.</summary>
internal static class DeltaReader
{
    public static Func<TimeSpan, Filter> Read(StepReader reader)
    {
        DeltaLimit? minimum = ReadLimit(reader, "min_value", isMain: true);
        DeltaLimit? maximum = ReadLimit(reader, "max_value", isMain: false);
        double baseline = reader.Number("baseline", double.NaN);
        if (minimum is null && maximum is null) { reader.Fault(reader.Node.Path, "delta needs min_value, max_value or both"); }

        return _ => new DeltaFilter(minimum ?? DeltaLimit.None, maximum ?? DeltaLimit.Infinite, baseline);
    }

    private static DeltaLimit? ReadLimit(StepReader reader, string name, bool isMain)
    {
        if (reader.Find(name, isMain) is not { } node) { return null; }

        string text = node.Text ?? "";
        bool isShare = text.EndsWith('%');
        if (!double.TryParse(isShare ? text[..^1] : text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !(value is >= 0 and <= 1e12))
        {
            reader.Fault(node.Path, $"'{text}' is not allowed; allowed is a number from 0 to 1E+12, or a percentage such as 2%");
            return null;
        }

        reader.Note(string.Create(CultureInfo.InvariantCulture, $"{name}={value}{(isShare ? "%" : "")}"));
        return isShare ? new DeltaLimit(0, value / 100) : new DeltaLimit(value, 0);
    }
}
