using System.Globalization;

namespace Node.Sensors.Emulation;

/// <summary>Reads one trace file row by row and says exactly where it is wrong.</summary>
internal sealed class CsvTraceReader(string name)
{
    private const string DateColumn = "date";
    private const int MaximumColumns = 100;
    private static readonly string[] DateFormats = ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-dd HH:mm"];

    private readonly List<TimeSpan> _times = [];
    private readonly List<string> _header = [];
    private readonly List<List<double>> _values = [];
    private int _line;
    private int _dateIndex;
    private DateTime _start;

    public CsvTrace Read(TextReader reader)
    {
        ReadHeader(NextLine(reader) ?? throw Wrong("the file is empty"));
        while (NextLine(reader) is { } text)
        {
            if (text.Length == 0) { continue; }

            if (_times.Count == CsvTrace.MaximumRows) { throw Wrong($"more than {CsvTrace.MaximumRows:N0} rows"); }

            ReadRow(Split(text));
        }

        if (_times.Count < 2) { throw Wrong("a trace needs at least two rows of values"); }

        Dictionary<string, double[]> columns = new(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < _header.Count; i++)
        {
            if (i != _dateIndex) { columns.Add(_header[i], [.. _values[i]]); }
        }

        return new CsvTrace([.. _times], columns);
    }

    private string? NextLine(TextReader reader)
    {
        string? text = reader.ReadLine();
        if (text is not null) { _line++; }

        return text?.Trim();
    }

    private void ReadHeader(string text)
    {
        _header.AddRange(Split(text));
        _dateIndex = _header.FindIndex(static column => string.Equals(column, DateColumn, StringComparison.OrdinalIgnoreCase));
        if (_dateIndex < 0) { throw Wrong($"the header has no column '{DateColumn}'"); }

        if (_header.Count is < 2 or > MaximumColumns) { throw Wrong($"a header needs 2 to {MaximumColumns} columns and this one has {_header.Count}"); }

        if (_header.Distinct(StringComparer.OrdinalIgnoreCase).Count() != _header.Count) { throw Wrong("two columns have the same name"); }

        _values.AddRange(_header.Select(static _ => new List<double>()));
    }

    private void ReadRow(List<string> fields)
    {
        if (fields.Count == _header.Count + 1) { fields.RemoveAt(0); }

        if (fields.Count != _header.Count) { throw Wrong($"{fields.Count} fields where the header has {_header.Count}"); }

        AddTime(fields[_dateIndex]);
        for (int i = 0; i < fields.Count; i++)
        {
            if (i != _dateIndex) { _values[i].Add(Number(fields[i], _header[i])); }
        }
    }

    private void AddTime(string text)
    {
        if (!DateTime.TryParseExact(text, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime date))
        {
            throw Wrong($"'{text}' is not a date such as 2015-02-02 14:19:00");
        }

        if (_times.Count == 0) { _start = date; }

        TimeSpan time = date - _start;
        if (_times.Count > 0 && time <= _times[^1]) { throw Wrong($"'{text}' is not later than the row before"); }

        _times.Add(time);
    }

    private double Number(string text, string column) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw Wrong($"'{text}' in column '{column}' is not a number");

    private List<string> Split(string text)
    {
        List<string> fields = [];
        foreach (string raw in text.Split(',', MaximumColumns + 2))
        {
            string field = raw.Trim();
            bool quoted = field.Length >= 2 && field[0] == '"' && field[^1] == '"';
            string bare = quoted ? field[1..^1] : field;
            if (bare.Contains('"', StringComparison.Ordinal)) { throw Wrong("a quotation mark that has no partner in its field (commas inside quotation marks are not supported)"); }

            fields.Add(bare);
        }

        return fields;
    }

    private InvalidDataException Wrong(string reason) => new($"{name} line {Math.Max(1, _line)}: {reason}.");
}
