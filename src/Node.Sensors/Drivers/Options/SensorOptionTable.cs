using System.Globalization;

namespace Node.Sensors.Drivers;

/// <summary>
/// A chip's options as texts: each with its description, and the way into the chip's own record. One table serves configuration, twin and
/// documents.
/// </summary>
/// <param name="defaults">The chip's record with its defaults.</param>
/// <param name="validate">The record's own check of what belongs together; throws <see cref="ArgumentException"/>.</param>
internal sealed class SensorOptionTable<T>(T defaults, Action<T> validate)
    where T : class
{
    private readonly List<(SensorOption Option, Func<T, string, T?> Apply)> _rows = [];

    /// <summary>The record when no option is given.</summary>
    public T Defaults => defaults;

    public IReadOnlyList<SensorOption> Options => [.. _rows.Select(static row => row.Option)];

    public SensorOptionTable<T> Flag(string name, string description, Func<T, bool> get, Func<T, bool, T> set) => Add(
        new SensorOption(name, SensorOptionKind.Flag, get(defaults) ? "true" : "false", description),
        (record, text) => bool.TryParse(text, out bool value) ? set(record, value) : null);

    /// <summary>A whole number; a default of <see langword="null"/> means that there is none unless one is given.</summary>
    public SensorOptionTable<T> Integer(string name, string description, int minimum, int maximum, Func<T, int?> get, Func<T, int, T> set, bool isRequired = false) => Add(
        new SensorOption(name, SensorOptionKind.WholeNumber, get(defaults)?.ToString(CultureInfo.InvariantCulture) ?? "", description)
        {
            Minimum = minimum,
            Maximum = maximum,
            IsRequired = isRequired,
        },
        (record, text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= minimum && value <= maximum
            ? set(record, value)
            : null);

    /// <summary>A number; a default of <see langword="null"/> means that there is none unless one is given.</summary>
    public SensorOptionTable<T> Number(string name, string description, double minimum, double maximum, Func<T, double?> get, Func<T, double, T> set) => Add(
        new SensorOption(name, SensorOptionKind.Number, get(defaults)?.ToString(CultureInfo.InvariantCulture) ?? "", description) { Minimum = minimum, Maximum = maximum },
        (record, text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= minimum && value <= maximum
            ? set(record, value)
            : null);

    public SensorOptionTable<T> Choice<TEnum>(string name, string description, Func<T, TEnum> get, Func<T, TEnum, T> set, params TEnum[] except)
        where TEnum : struct, Enum
    {
        string[] words = [.. Enum.GetNames<TEnum>().Where(word => !except.Contains(Enum.Parse<TEnum>(word)))];
        return Add(
            new SensorOption(name, SensorOptionKind.Choice, get(defaults).ToString(), description) { Choices = words },
            (record, text) => Find(words, text) is { } word ? set(record, Enum.Parse<TEnum>(word)) : null);
    }

    public SensorOptionTable<T> List<TEnum>(string name, string description, Func<T, IEnumerable<TEnum>> get, Func<T, IReadOnlyList<TEnum>, T> set)
        where TEnum : struct, Enum
    {
        string[] words = Enum.GetNames<TEnum>();
        return Add(
            new SensorOption(name, SensorOptionKind.List, string.Join(", ", get(defaults)), description) { Choices = words },
            (record, text) =>
            {
                string?[] found = [.. text.Split(',', StringSplitOptions.TrimEntries).Select(item => Find(words, item))];
                return found.Contains(null) ? null : set(record, [.. found.Select(static word => Enum.Parse<TEnum>(word!))]);
            });
    }

    /// <summary>A text with a shape of its own; <paramref name="set"/> returns <see langword="null"/> for one that it does not understand.</summary>
    public SensorOptionTable<T> Text(string name, string description, string fallback, Func<T, string, T?> set) =>
        Add(new SensorOption(name, SensorOptionKind.Text, fallback, description), set);

    /// <summary>Reads the given texts; names ignore case.</summary>
    /// <param name="given">Name and text of each option.</param>
    /// <param name="path">The section that they are in; texts of faults begin with it.</param>
    /// <param name="faults">Receives one text for each fault.</param>
    public T Read(IReadOnlyDictionary<string, string> given, string path, ICollection<string> faults)
    {
        int before = faults.Count;
        T record = defaults;
        foreach ((string name, string text) in given)
        {
            (SensorOption? option, Func<T, string, T?>? apply) = _rows.Find(row => row.Option.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (option is null) { faults.Add($"{path}:{name}: is no option of this chip; there are {string.Join(", ", _rows.Select(static row => row.Option.Name))}"); }
            else if (apply(record, text.Trim()) is { } changed) { record = changed; }
            else { faults.Add($"{path}:{option.Name}: '{text}' is not allowed; allowed is {option.Allowed}: {option.Description}"); }
        }

        foreach (SensorOption missing in Options.Where(option => option.IsRequired && !given.Keys.Contains(option.Name, StringComparer.OrdinalIgnoreCase)))
        {
            faults.Add($"{path}:{missing.Name}: is missing; allowed is {missing.Allowed}: {missing.Description}");
        }

        if (faults.Count == before) { Validate(record, path, faults); }

        return record;
    }

    private static string? Find(string[] words, string text) => Array.Find(words, word => word.Equals(text, StringComparison.OrdinalIgnoreCase));

    private void Validate(T record, string path, ICollection<string> faults)
    {
        try
        {
            validate(record);
        }
        catch (ArgumentException mismatch)
        {
            faults.Add($"{path}: the options do not go together: {mismatch.Message.ReplaceLineEndings(" ")}");
        }
    }

    private SensorOptionTable<T> Add(SensorOption option, Func<T, string, T?> apply)
    {
        _rows.Add((option, apply));
        return this;
    }
}
