using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace HilRig.Yaml;

/// <summary>
/// Reads one mapping key by key. What was not asked for by the time of <see cref="Finish"/> is a fault that names the words allowed here.
/// </summary>
internal sealed class YamlMap(YamlMappingNode node, string file, YamlFaults faults, string what)
{
    private readonly HashSet<string> _allowed = [];

    public YamlPlace Place => YamlPlace.Of(file, node.Start);

    public IEnumerable<string> Keys => node.Children.Keys.OfType<YamlScalarNode>().Select(key => key.Value ?? "");

    public YamlPlace PlaceOf(string key) => Find(key) is { } value ? YamlPlace.Of(file, value.Start) : Place;

    public void Fault(string key, string text) => faults.Add(PlaceOf(key), text);

    public void Fault(YamlPlace place, string text) => faults.Add(place, text);

    public string? Text(string key, int longest = 200)
    {
        if (Scalar(key, "a text") is not { } text)
        {
            return null;
        }
        if (text.Length > 0 && text.Length <= longest)
        {
            return text;
        }
        Fault(key, $"'{key}' has {text.Length} characters; allowed: 1 to {longest}");
        return null;
    }

    public string RequiredText(string key, int longest = 200)
    {
        Require(key, "a text");
        return Text(key, longest) ?? "";
    }

    public string? Word(string key, params string[] words)
    {
        string? word = Scalar(key, "a word");
        if (word is null || words.Contains(word))
        {
            return word;
        }
        Fault(key, $"'{key}: {word}' is unknown; allowed: {string.Join(", ", words)}");
        return null;
    }

    public TimeSpan? Duration(string key, TimeSpan least, TimeSpan most)
    {
        if (Scalar(key, "a duration") is not { } text)
        {
            return null;
        }
        if (Durations.TryParse(text, out TimeSpan duration) && duration >= least && duration <= most)
        {
            return duration;
        }
        Fault(key, $"'{key}: {text}' is no duration from {Durations.Write(least)} to {Durations.Write(most)}; write it like {Durations.Forms}");
        return null;
    }

    public TimeSpan RequiredDuration(string key, TimeSpan least, TimeSpan most)
    {
        Require(key, "a duration");
        return Duration(key, least, most) ?? TimeSpan.Zero;
    }

    public int? Integer(string key, int least, int most)
    {
        if (Scalar(key, "a number") is not { } text)
        {
            return null;
        }
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most)
        {
            return number;
        }
        Fault(key, $"'{key}: {text}' is no whole number from {least} to {most}");
        return null;
    }

    public JsonNode? Json(string key)
    {
        YamlNode? value = Find(key);
        return value is null ? null : YamlJson.Convert(value);
    }

    public YamlMap? Map(string key, string itsName)
    {
        switch (Find(key))
        {
            case null:
                return null;
            case YamlMappingNode mapping:
                return new YamlMap(mapping, file, faults, itsName);
            default:
                Fault(key, $"'{key}' must be a mapping of names to values");
                return null;
        }
    }

    public IReadOnlyList<YamlMap> Maps(string key, string itsName, int most)
    {
        switch (Find(key))
        {
            case null:
                return [];
            case YamlSequenceNode list when list.Children.Count <= most:
                return [.. list.Children.Select(item => Item(item, itsName)).OfType<YamlMap>()];
            default:
                Fault(key, $"'{key}' must be a list of at most {most} items, each beginning with '-'");
                return [];
        }
    }

    public bool Has(string key) => Find(key) is not null;

    public void Require(string key, string kind)
    {
        if (!Has(key))
        {
            faults.Add(Place, $"{what} needs '{key}': {kind}");
        }
    }

    /// <summary>Reports every key that nobody asked for.</summary>
    public void Finish()
    {
        foreach (YamlNode key in node.Children.Keys)
        {
            string word = (key as YamlScalarNode)?.Value ?? key.ToString();
            if (!_allowed.Contains(word))
            {
                faults.Add(YamlPlace.Of(file, key.Start), $"'{word}' is unknown in {what}; allowed: {string.Join(", ", _allowed.Order(StringComparer.Ordinal))}");
            }
        }
    }

    private YamlMap? Item(YamlNode item, string itsName)
    {
        if (item is YamlMappingNode mapping)
        {
            return new YamlMap(mapping, file, faults, itsName);
        }
        faults.Add(YamlPlace.Of(file, item.Start), $"{itsName} must be a mapping of names to values");
        return null;
    }

    private string? Scalar(string key, string kind)
    {
        switch (Find(key))
        {
            case null:
                return null;
            case YamlScalarNode scalar:
                return scalar.Value ?? "";
            default:
                Fault(key, $"'{key}' must be {kind}");
                return null;
        }
    }

    private YamlNode? Find(string key)
    {
        _allowed.Add(key);
        return node.Children.FirstOrDefault(pair => pair.Key is YamlScalarNode scalar && scalar.Value == key).Value;
    }
}
