using System.Globalization;

namespace Node.Sensors.Filters;

/// <summary>Reads the parameters of one step, remembers what is wrong with them, and writes down what is in force.</summary>
internal sealed class StepReader
{
    private readonly SettingNode _node;
    private readonly ICollection<string> _faults;
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _inForce = [];
    private readonly string _kind;
    private readonly int _faultsBefore;
    private readonly bool _isList;

    public StepReader(string kind, SettingNode node, ICollection<string> faults, int level)
    {
        // A text with '=' holds parameters by name; any other is the main parameter.
        _node = node.Text?.Contains('=', StringComparison.Ordinal) == true ? node.FromPairs() : node;
        _kind = kind;
        _faults = faults;
        _faultsBefore = faults.Count;
        Level = level;
        _isList = _node.Children.Count > 0 && _node.Children.Keys.All(static key => key.All(char.IsAsciiDigit));
    }

    /// <summary>How many <c>or</c> filters are around this step.</summary>
    public int Level { get; }

    /// <summary>Every parameter in force, in the order of reading.</summary>
    public string Canonical => string.Join(", ", _inForce);

    public SettingNode Node => _node;

    public ICollection<string> Faults => _faults;

    /// <summary>A number; a main parameter may stand alone, or as a list, in place of the step's value. NaN counts as a number only where it is the default.</summary>
    public double Number(string name, double? fallback = null, double minimum = -1e12, double maximum = 1e12, bool isMain = false)
    {
        SettingNode? found = Find(name, isMain);
        if (found is null) { return Keep(name, fallback ?? Missing(name, 0d)); }

        bool isNumber = double.TryParse(found.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value);
        bool allowed = isNumber && (double.IsNaN(value) ? fallback is double.NaN : value >= minimum && value <= maximum);
        return Keep(name, allowed ? value : Refuse(found, string.Create(CultureInfo.InvariantCulture, $"a number from {minimum} to {maximum}"), 0d));
    }

    public int Integer(string name, int? fallback, int minimum, int maximum, bool isMain = false)
    {
        SettingNode? found = Find(name, isMain);
        if (found is null) { return Keep(name, fallback ?? Missing(name, minimum)); }

        bool allowed = int.TryParse(found.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= minimum && value <= maximum;
        return Keep(name, allowed ? value : Refuse(found, string.Create(CultureInfo.InvariantCulture, $"a whole number from {minimum} to {maximum}"), minimum));
    }

    public TimeSpan Duration(string name)
    {
        SettingNode? found = Find(name, isMain: true);
        TimeSpan period = TimeSpan.FromSeconds(1);
        if (found is null) { Missing(name, 0); }
        else if (!FilterDuration.TryParse(found.Text, out period)) { Refuse(found, "a duration with its unit, such as 500ms, 10s, 5min, 1h or 1d, from 1ms to 30d", 0); }

        _inForce.Add(string.Create(CultureInfo.InvariantCulture, $"{name}={period.TotalSeconds}s"));
        return period;
    }

    public bool Flag(string name, bool fallback) => Choice(name, fallback ? "true" : "false", "true", "false") == "true";

    public string Choice(string name, string fallback, params ReadOnlySpan<string> choices)
    {
        SettingNode? found = Find(name, isMain: false);
        string value = (found?.Text ?? fallback).ToLowerInvariant();
        if (!choices.Contains(value)) { value = Refuse(found!, string.Join(" or ", choices.ToArray()), fallback); }

        return Keep(name, value);
    }

    /// <summary>The place of a parameter, or <see langword="null"/> when it is not given.</summary>
    public SettingNode? Find(string name, bool isMain)
    {
        _known.Add(name);
        return _node.Children.TryGetValue(name, out SettingNode? child) ? child
            : isMain && (_node.Text is not null || _isList) ? _node
            : null;
    }

    /// <summary>Notes something in force that is no plain value.</summary>
    public void Note(string text) => _inForce.Add(text);

    /// <summary>Notes a fault of the step or of one of its parameters.</summary>
    public void Fault(string path, string reason) => _faults.Add($"{path}: {reason}");

    /// <summary>Refuses what was not asked for.</summary>
    /// <returns>Whether the step has no fault.</returns>
    public bool Finish()
    {
        foreach ((string name, SettingNode child) in _node.Children.Where(one => !_isList && !_known.Contains(one.Key)))
        {
            Fault(child.Path, $"'{name}' is no parameter of {_kind}; allowed is {string.Join(", ", _known.Order(StringComparer.Ordinal))}");
        }

        return _faults.Count == _faultsBefore;
    }

    private T Keep<T>(string name, T value)
    {
        _inForce.Add(string.Create(CultureInfo.InvariantCulture, $"{name}={value}"));
        return value;
    }

    private T Missing<T>(string name, T stopgap)
    {
        Fault(_node.Path, $"{_kind} needs the parameter '{name}'");
        return stopgap;
    }

    private T Refuse<T>(SettingNode node, string allowed, T stopgap)
    {
        Fault(node.Path, $"'{node.Text}' is not allowed; allowed is {allowed}");
        return stopgap;
    }
}
