using System.Globalization;

namespace Node.Sensors.Emulation;

/// <summary>One object of a board file: reads its members, notes what is wrong with each, and at the end which nobody asked for.</summary>
internal sealed class BoardSection
{
    private readonly Dictionary<string, JsonPlace> _members = new(StringComparer.Ordinal);
    private readonly List<string> _known = [];

    public BoardSection(JsonPlace place, BoardProblems problems)
    {
        Place = place;
        Problems = problems;
        if (place.Kind != JsonPlaceKind.Object)
        {
            problems.Add(place, $"{place.Shown} stands where an object {{ … }} is needed.");
            return;
        }

        foreach ((string name, JsonPlace value) in place.Members) { _members.TryAdd(name, value); }
    }

    public JsonPlace Place { get; }

    public BoardProblems Problems { get; }

    /// <returns><see langword="null"/> when the member is absent or null.</returns>
    public JsonPlace? Find(string name)
    {
        _known.Add(name);
        return _members.TryGetValue(name, out JsonPlace? value) && value.Kind != JsonPlaceKind.Null ? value : null;
    }

    public string? Text(string name)
    {
        JsonPlace? value = Find(name);
        if (value is null or { Kind: JsonPlaceKind.Text, Text.Length: > 0 }) { return value?.Text; }

        Problems.Add(value, $"{value.Shown} is not a text; write one in quotation marks.");
        return null;
    }

    public string Required(string name, string example)
    {
        if (Text(name) is { } text) { return text; }

        if (!_members.ContainsKey(name)) { Problems.Add(Place.Line, $"{Place.Path}.{name}", $"is missing; add \"{name}\": {example}."); }

        return "";
    }

    public double? Number(string name, double minimum = double.MinValue, double maximum = double.MaxValue)
    {
        JsonPlace? value = Find(name);
        return value is null ? null : BoardValue.Number(value, Problems, minimum, maximum);
    }

    /// <summary>A whole number, as a number or as a text such as "0x76".</summary>
    public int? Integer(string name, int minimum, int maximum, bool hex = false)
    {
        JsonPlace? value = Find(name);
        if (value is null) { return null; }

        bool isHex = value.Kind == JsonPlaceKind.Text && value.Text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        bool valid = isHex
            ? int.TryParse(value.Text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int number)
            : int.TryParse(value.Kind == JsonPlaceKind.Number ? value.Text : "", NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
        if (valid && number >= minimum && number <= maximum) { return number; }

        string range = hex ? $"\"0x{minimum:X2}\" to \"0x{maximum:X2}\"" : string.Create(CultureInfo.InvariantCulture, $"a whole number from {minimum} to {maximum}");
        Problems.Add(value, $"{value.Shown} is not allowed; allowed is {range}.");
        return null;
    }

    public bool? Flag(string name)
    {
        JsonPlace? value = Find(name);
        if (value is null or { Kind: JsonPlaceKind.Flag }) { return value is null ? null : value.Text == "true"; }

        Problems.Add(value, $"{value.Shown} is not allowed; allowed is true or false.");
        return null;
    }

    public TimeSpan? Duration(string name, bool positive = false)
    {
        JsonPlace? value = Find(name);
        return value is null ? null : BoardValue.Duration(value, Problems, positive);
    }

    public T? Choice<T>(string name, params ReadOnlySpan<(string Name, T Value)> choices)
        where T : struct
    {
        if (Text(name) is not { } text) { return null; }

        List<string> names = [];
        foreach ((string one, T value) in choices)
        {
            if (string.Equals(one, text, StringComparison.OrdinalIgnoreCase)) { return value; }

            names.Add(one);
        }

        Problems.Add(_members[name], $"\"{text}\" is not allowed; {NearestName.Suggest(text, names)}");
        return null;
    }

    /// <summary>The elements of an array, or nothing when it is absent.</summary>
    public IReadOnlyList<JsonPlace> Items(string name, int atMost)
    {
        JsonPlace? value = Find(name);
        if (value is null) { return []; }

        if (value.Kind == JsonPlaceKind.Array && value.Items.Count <= atMost) { return value.Items; }

        Problems.Add(value, value.Kind == JsonPlaceKind.Array
            ? string.Create(CultureInfo.InvariantCulture, $"holds {value.Items.Count} elements; at most {atMost} are allowed.")
            : $"{value.Shown} stands where an array [ … ] is needed.");
        return [];
    }

    /// <summary>Notes every member that nobody asked for.</summary>
    public void RefuseTheRest()
    {
        foreach ((string name, JsonPlace value) in _members)
        {
            if (!_known.Contains(name)) { Problems.Add(value, $"is no known field; {NearestName.Suggest(name, _known)}"); }
        }
    }
}
