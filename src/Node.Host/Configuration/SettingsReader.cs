using System.Globalization;
using Microsoft.Extensions.Configuration;
using Node.Sensors.Drivers;

namespace Node.Host.Configuration;

/// <summary>
/// Reads one setting at a time and remembers what was wrong with each and which were asked for, so that every fault is
/// listed at once, with path, value and allowed range, and a key that nobody asked for can be named.
/// </summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Setting> _asked = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _faults = [];

    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Every setting asked for so far, in order: the table of what there is to set.</summary>
    public IEnumerable<Setting> Asked => _asked.Values;

    public void Fault(string path, string reason) => _faults.Add($"{path}: {reason}");

    /// <summary>Adds a fault whose text begins with its path already.</summary>
    public void Fault(string text) => _faults.Add(text);

    public string? Text(string path, string? fallback = null, string? allowed = null)
    {
        Note(new Setting(path, SettingKind.Text, fallback, allowed));
        return Value(path) ?? fallback;
    }

    public int Integer(string path, int fallback, int minimum, int maximum) => (int)Long(path, fallback, minimum, maximum);

    public long Long(string path, long fallback, long minimum, long maximum)
    {
        string? text = Value(path);
        Note(new Setting(path, SettingKind.WholeNumber, fallback >= minimum ? fallback.ToString(CultureInfo.InvariantCulture) : null, $"{minimum} to {maximum}")
        {
            Minimum = minimum,
            Maximum = maximum,
        });
        if (text is null)
        {
            return fallback;
        }

        bool hex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        bool whole = hex
            ? long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long value)
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
        return whole && value >= minimum && value <= maximum
            ? value
            : Refused(path, text, hex ? $"0x{minimum:X2} to 0x{maximum:X2}" : $"a whole number from {minimum} to {maximum}", fallback);
    }

    /// <summary>A 7-bit I2C address such as 0x76; the first of <paramref name="allowed"/> when not set.</summary>
    public int Address(string path, IReadOnlyList<int> allowed)
    {
        string? text = Value(path);
        int fallback = allowed.Count > 0 ? allowed[0] : 0;
        Note(new Setting(path, SettingKind.Address, null, "an address that the chip can have, the first by default"));
        bool hex = text is ['0', 'x' or 'X', ..];
        bool valid = int.TryParse(hex ? text.AsSpan(2) : text, hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None,
            CultureInfo.InvariantCulture, out int address);
        return text is null || allowed.Count == 0 ? fallback
            : valid && allowed.Contains(address) ? address
            : Refused(path, text, string.Join(" or ", allowed.Select(one => $"0x{one:X2}")), fallback);
    }

    public double Number(string path, double fallback, double minimum, double maximum)
    {
        string? text = Value(path);
        Note(new Setting(path, SettingKind.Number, double.IsFinite(fallback) ? fallback.ToString(CultureInfo.InvariantCulture) : null,
            string.Create(CultureInfo.InvariantCulture, $"{minimum} to {maximum}"))
        {
            Minimum = minimum,
            Maximum = maximum,
        });
        bool valid = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= minimum && value <= maximum;
        return text is null ? fallback
            : valid ? value
            : Refused(path, text, string.Create(CultureInfo.InvariantCulture, $"a number from {minimum} to {maximum}"), fallback);
    }

    public TimeSpan Period(string path, TimeSpan fallback, TimeSpan minimum, TimeSpan maximum)
    {
        string? text = Value(path);
        Note(new Setting(path, SettingKind.Duration, Duration.Format(fallback), $"{Duration.Format(minimum)} to {Duration.Format(maximum)}"));
        return text is null ? fallback
            : Duration.TryParse(text, out TimeSpan value) && value >= minimum && value <= maximum ? value
            : Refused(path, text, $"a duration such as 10s, 500ms, 5m or PT10S from {Duration.Format(minimum)} to {Duration.Format(maximum)}", fallback);
    }

    public bool Flag(string path, bool fallback) => Choice(path, fallback, ("true", true), ("false", false));

    public T Choice<T>(string path, T fallback, params ReadOnlySpan<(string Name, T Value)> choices)
    {
        string? text = Value(path);
        string? byDefault = null;
        T found = fallback;
        bool isKnown = text is null;
        var names = new List<string>();
        foreach ((string name, T value) in choices)
        {
            names.Add(name);
            byDefault ??= EqualityComparer<T>.Default.Equals(value, fallback) ? name : null;
            if (string.Equals(name, text, StringComparison.OrdinalIgnoreCase))
            {
                (found, isKnown) = (value, true);
            }
        }

        string allowed = string.Join(" or ", names);
        SettingKind kind = typeof(T) == typeof(bool) && names is ["true", "false"] ? SettingKind.Flag : SettingKind.Choice;
        Note(new Setting(path, kind, byDefault, allowed) { Choices = names });
        return isKnown ? found : Refused(path, text!, allowed, fallback);
    }

    /// <summary>Whether a layer gives it a value.</summary>
    public bool IsSet(string path) => Value(path) is not null;

    /// <summary>Names of the subsections of <paramref name="path"/>, in the order of the configuration.</summary>
    public IReadOnlyList<string> Names(string path)
    {
        _known.Add(path);
        return [.. configuration.GetSection(path).GetChildren().Select(child => child.Key)];
    }

    /// <summary>Paths under <paramref name="section"/> that hold a value and that nothing asked for: misspelt, most likely.</summary>
    public IEnumerable<string> Unknown(string section) => configuration.GetSection(section).AsEnumerable()
        .Where(pair => pair.Value is not null && !_known.Contains(pair.Key) && !IsSecretFile(pair.Key))
        .Select(pair => pair.Key)
        .Order(StringComparer.OrdinalIgnoreCase);

    /// <summary>Notes an option of a chip; its text is judged by the chip.</summary>
    public string? ChipOption(string path, SensorOption option)
    {
        Note(new Setting(path, KindOf(option.Kind), option.Default.Length > 0 ? option.Default : null, option.Allowed)
        {
            Minimum = option.Minimum,
            Maximum = option.Maximum,
            Choices = option.Kind == SensorOptionKind.Choice ? option.Choices : [],
            Purpose = option.Description,
        });
        return Value(path);
    }

    /// <summary>The kind of a chip's option as a setting.</summary>
    public static SettingKind KindOf(SensorOptionKind kind) => kind switch
    {
        SensorOptionKind.Flag => SettingKind.Flag,
        SensorOptionKind.WholeNumber => SettingKind.WholeNumber,
        SensorOptionKind.Number => SettingKind.Number,
        SensorOptionKind.Choice => SettingKind.Choice,
        _ => SettingKind.Text,
    };

    /// <summary>Marks everything under <paramref name="section"/> as asked for: its keys are judged elsewhere.</summary>
    public IReadOnlyDictionary<string, string> Everything(string section, string allowed)
    {
        Note(new Setting(section, SettingKind.Map, null, allowed));
        var values = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach ((string path, string? value) in configuration.GetSection(section).AsEnumerable(makePathsRelative: true))
        {
            _known.Add(path.Length == 0 ? section : $"{section}:{path}");
            if (path.Length > 0 && value is not null)
            {
                values[path] = value;
            }
        }

        return values;
    }

    /// <summary>
    /// What an unknown path was meant to be, most likely: the known one that differs in one part only and there but little; or, where a section
    /// is misspelt, that section with the rest as it stands. Else null.
    /// </summary>
    public string? Suggest(string path)
    {
        string[] parts = path.Split(':');
        string[][] known = [.. _asked.Keys.Concat(_known).Select(each => each.Split(':'))];
        for (int i = parts.Length - 1; i >= 0; i--)
        {
            if (SettingSuggestion.Nearest(parts[i], known.Where(each => DiffersOnlyAt(i, each, parts)).Select(each => each[i])) is { } nearest)
            {
                return string.Join(':', [.. parts[..i], nearest, .. parts[(i + 1)..]]);
            }
        }

        for (int i = 1; i < parts.Length; i++)
        {
            List<string> siblings = [.. known.Where(each => each.Length > i && IsUnder(each, parts[..i])).Select(each => each[i])];
            if (!siblings.Contains(parts[i], StringComparer.OrdinalIgnoreCase))
            {
                return SettingSuggestion.Nearest(parts[i], siblings) is { } nearest ? string.Join(':', [.. parts[..i], nearest, .. parts[(i + 1)..]]) : null;
            }
        }

        return null;
    }

    /// <summary>The setting that takes one value and was given parts, of which <paramref name="path"/> is one; null when it is not so.</summary>
    public string? SingleAbove(string path) =>
        path.LastIndexOf(':') is > 0 and int end && _asked.TryGetValue(path[..end], out Setting? above) && above.Kind != SettingKind.Map ? above.Path : null;

    private static bool IsUnder(string[] path, string[] section) => section.Index().All(part => path[part.Index].Equals(part.Item, StringComparison.OrdinalIgnoreCase));

    private static bool DiffersOnlyAt(int place, string[] known, string[] parts) =>
        known.Length == parts.Length
        && known.Index().All(part => part.Index == place || part.Item.Equals(parts[part.Index], StringComparison.OrdinalIgnoreCase));

    private void Note(Setting setting)
    {
        _known.Add(setting.Path);
        if (!_asked.TryGetValue(setting.Path, out Setting? before) || before.Kind == SettingKind.Text)
        {
            _asked[setting.Path] = setting; // What was asked for as text first, to see whether it is there, has a closer kind.
        }
    }

    private string? Value(string path)
    {
        string? value = configuration[path];
        return string.IsNullOrWhiteSpace(value) ? null : value.Trim();
    }

    private bool IsSecretFile(string path) =>
        path.EndsWith(SecretFiles.Suffix, StringComparison.OrdinalIgnoreCase) && _known.Contains(path[..^SecretFiles.Suffix.Length]);

    private T Refused<T>(string path, string value, string allowed, T fallback)
    {
        Fault(path, $"'{value}' is not allowed; allowed is {allowed}");
        return fallback;
    }
}
