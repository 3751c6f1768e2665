using System.Globalization;

namespace Node.Sensors.Emulation;

/// <summary>
/// Recorded measurements from a comma-separated file: a header with a column <c>date</c> and further columns, then one row an instant.
/// Rows may have one field more than the header; the first is then a row number, as some statistics programs write it.
/// </summary>
public sealed class CsvTrace
{
    /// <summary>The most rows that a file may have; more than a year at one a minute.</summary>
    public const int MaximumRows = 1_000_000;

    private readonly Dictionary<string, double[]> _columns;
    private readonly TimeSpan[] _times;

    internal CsvTrace(TimeSpan[] times, Dictionary<string, double[]> columns)
    {
        _times = times;
        _columns = columns;
    }

    /// <summary>The names of the columns of numbers, in the file's spelling.</summary>
    public IReadOnlyCollection<string> Columns => _columns.Keys;

    /// <summary>From the first row to the last. Afterwards the trace begins again.</summary>
    public TimeSpan Duration => _times[^1];

    /// <summary>How many rows were read: at least two.</summary>
    public int RowCount => _times.Length;

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="InvalidDataException">The content is not a trace. The text names file, line and reason.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CsvTrace Load(string path)
    {
        using StreamReader reader = new(path);
        return Parse(reader, path);
    }

    /// <summary>Reads a trace from text; <paramref name="name"/> stands for the file in error texts.</summary>
    /// <exception cref="InvalidDataException">The content is not a trace. The text names the line and the reason.</exception>
    public static CsvTrace Parse(TextReader reader, string name)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new CsvTraceReader(name).Read(reader);
    }

    /// <summary>A column over time: straight lines between the rows; at the last row it jumps back to the first.</summary>
    /// <param name="column">The column's name; case does not matter.</param>
    /// <param name="speed">Seconds of the trace that pass in one second. Greater than 0.</param>
    /// <returns><see langword="null"/> when the trace has no such column.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="speed"/> is not a positive number.</exception>
    public Stimulus? TryColumn(string column, double speed = 1.0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(speed);
        if (!double.IsFinite(speed)) { throw new ArgumentOutOfRangeException(nameof(speed), speed.ToString(CultureInfo.InvariantCulture)); }

        return _columns.TryGetValue(column, out double[]? values)
            ? new FunctionStimulus(elapsed => Interpolate(values, TimeSpan.FromSeconds(elapsed.TotalSeconds * speed % Duration.TotalSeconds)))
            : null;
    }

    private double Interpolate(double[] values, TimeSpan at)
    {
        int found = Array.BinarySearch(_times, at);
        if (found >= 0) { return values[found]; }

        int after = Math.Min(~found, _times.Length - 1);
        int before = after - 1;
        double share = (at - _times[before]) / (_times[after] - _times[before]);
        return values[before] + ((values[after] - values[before]) * share);
    }
}
