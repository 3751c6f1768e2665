using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Node.Host.Configuration;

/// <summary>
/// Reads one setting at a time and remembers what was wrong with each and which were asked for, so that every fault is
/// listed at once, with path, value and allowed range, and a key that nobody asked for can be named.
/// </summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _faults = [];

    public IReadOnlyList<string> Faults => _faults;

    public void Fault(string path, string reason) => _faults.Add($"{path}: {reason}");

    public string? Text(string path)
    {
        _known.Add(path);
        string? value = configuration[path];
        return string.IsNullOrWhiteSpace(value) ? null : value.Trim();
    }

    public int Integer(string path, int fallback, int minimum, int maximum) => (int)Long(path, fallback, minimum, maximum);

    public long Long(string path, long fallback, long minimum, long maximum)
    {
        string? text = Text(path);
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
        string? text = Text(path);
        int fallback = allowed.Count > 0 ? allowed[0] : 0;
        bool hex = text is ['0', 'x' or 'X', ..];
        bool valid = int.TryParse(hex ? text.AsSpan(2) : text, hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None,
            CultureInfo.InvariantCulture, out int address);
        return text is null || allowed.Count == 0 ? fallback
            : valid && allowed.Contains(address) ? address
            : Refused(path, text, string.Join(" or ", allowed.Select(one => $"0x{one:X2}")), fallback);
    }

    public double Number(string path, double fallback, double minimum, double maximum)
    {
        string? text = Text(path);
        bool valid = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= minimum && value <= maximum;
        return text is null ? fallback
            : valid ? value
            : Refused(path, text, string.Create(CultureInfo.InvariantCulture, $"a number from {minimum} to {maximum}"), fallback);
    }

    public TimeSpan Period(string path, TimeSpan fallback, TimeSpan minimum, TimeSpan maximum)
    {
        string? text = Text(path);
        return text is null ? fallback
            : Duration.TryParse(text, out TimeSpan value) && value >= minimum && value <= maximum ? value
            : Refused(path, text, $"a duration such as 10s, 500ms, 5m or PT10S from {Duration.Format(minimum)} to {Duration.Format(maximum)}", fallback);
    }

    public bool Flag(string path, bool fallback) => Choice(path, fallback, ("true", true), ("false", false));

    public T Choice<T>(string path, T fallback, params ReadOnlySpan<(string Name, T Value)> choices)
    {
        string? text = Text(path);
        if (text is null)
        {
            return fallback;
        }

        var names = new List<string>();
        foreach ((string name, T value) in choices)
        {
            if (string.Equals(name, text, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }

            names.Add(name);
        }

        return Refused(path, text, string.Join(" or ", names), fallback);
    }

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

    private bool IsSecretFile(string path) =>
        path.EndsWith(SecretFiles.Suffix, StringComparison.OrdinalIgnoreCase) && _known.Contains(path[..^SecretFiles.Suffix.Length]);

    private T Refused<T>(string path, string value, string allowed, T fallback)
    {
        Fault(path, $"'{value}' is not allowed; allowed is {allowed}");
        return fallback;
    }
}
