using System.Text.Json;

namespace Node.Sensors.Filters;

/// <summary>A place in settings, whether they came as JSON or as flat keys: a text, or named places below it. Names ignore case.</summary>
internal sealed class SettingNode
{
    /// <summary>How deep settings may be nested; deeper places read as text that no filter takes.</summary>
    private const int Deepest = 8;

    private readonly SortedDictionary<string, SettingNode> _children = new(StringComparer.OrdinalIgnoreCase);

    private SettingNode(string path)
    {
        Path = path;
    }

    /// <summary>Where in the settings it stands, to begin a fault's text with.</summary>
    public string Path { get; }

    /// <summary>The value, or <see langword="null"/> for a place that holds others.</summary>
    public string? Text { get; private set; }

    public IReadOnlyDictionary<string, SettingNode> Children => _children;

    public static SettingNode From(JsonElement json, string path) => From(json, path, Deepest);

    public static SettingNode From(IEnumerable<KeyValuePair<string, string?>> keys, string path)
    {
        SettingNode root = new(path);
        foreach ((string key, string? value) in keys)
        {
            if (value is null) { continue; }

            SettingNode node = root;
            foreach (string name in key.Split(':', Deepest, StringSplitOptions.RemoveEmptyEntries)) { node = node.Child(name, ":"); }

            node.Text = value.Trim();
        }

        return root;
    }

    /// <summary>The same place, read from a text such as <c>window_size=5, send_every=1</c>.</summary>
    public SettingNode FromPairs()
    {
        SettingNode pairs = new(Path);
        foreach (string pair in Text!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] parts = pair.Split('=', 2, StringSplitOptions.TrimEntries);
            pairs.Child(parts[0], ".").Text = parts.Length == 2 ? parts[1] : "";
        }

        return pairs;
    }

    private static SettingNode From(JsonElement json, string path, int levels)
    {
        SettingNode node = new(path);
        switch (json.ValueKind)
        {
            case JsonValueKind.Object when levels > 0:
                foreach (JsonProperty member in json.EnumerateObject().Where(static one => one.Value.ValueKind != JsonValueKind.Null))
                {
                    node._children[member.Name] = From(member.Value, $"{path}.{member.Name}", levels - 1);
                }

                break;
            case JsonValueKind.Array when levels > 0:
                foreach ((int index, JsonElement item) in json.EnumerateArray().Index())
                {
                    string name = index.ToString(System.Globalization.CultureInfo.InvariantCulture);
                    node._children[name] = From(item, $"{path}.{name}", levels - 1);
                }

                break;
            case JsonValueKind.Null or JsonValueKind.Undefined:
                break;
            case JsonValueKind.String:
                node.Text = json.GetString()!.Trim();
                break;
            default:
                node.Text = json.GetRawText();
                break;
        }

        return node;
    }

    private SettingNode Child(string name, string separator)
    {
        if (!_children.TryGetValue(name, out SettingNode? child))
        {
            child = new SettingNode($"{Path}{separator}{name}");
            _children[name] = child;
        }

        return child;
    }
}
