using System.Text.Json.Nodes;

namespace Node.Host.Automation;

/// <summary>A sensor's thresholds by id: in their canonical form, and as they were understood.</summary>
/// <param name="Json">The map, without nulls; not to be changed.</param>
/// <param name="Thresholds">The same, checked, in the map's order.</param>
internal sealed record ThresholdMap(JsonObject Json, IReadOnlyList<Threshold> Thresholds)
{
    public static readonly ThresholdMap None = new([], []);

    /// <summary>The most thresholds of one sensor: 32.</summary>
    public const int Most = 32;

    /// <summary>Reads flat configuration keys, such as <c>hot:above</c>; faults come with their full path below <paramref name="path"/>.</summary>
    public static ThresholdMap Read(IReadOnlyDictionary<string, string> keys, string path, IReadOnlyList<string> quantities, ICollection<string> faults)
    {
        var json = new JsonObject(new JsonNodeOptions { PropertyNameCaseInsensitive = true });
        foreach ((string key, string value) in keys)
        {
            string[] parts = key.Split(':');
            JsonObject place = json;
            foreach (string part in parts[..^1])
            {
                if (place[part] is not JsonObject inner)
                {
                    inner = new JsonObject(new JsonNodeOptions { PropertyNameCaseInsensitive = true });
                    place[part] = inner;
                }

                place = inner;
            }

            place[parts[^1]] = value;
        }

        return Read(json, path, ":", quantities, faults);
    }

    /// <summary>Reads a twin's value, in which a null is a threshold that is gone.</summary>
    public static ThresholdMap Read(JsonObject map, string path, string separator, IReadOnlyList<string> quantities, ICollection<string> faults)
    {
        var read = new List<Threshold>();
        foreach ((string id, JsonNode? value) in map)
        {
            if (value is not null && new ThresholdReader($"{path}{separator}{id}", separator, quantities, faults).Read(id, value) is { } threshold)
            {
                read.Add(threshold);
            }
        }

        if (read.Count > Most)
        {
            faults.Add($"{path}: has {read.Count} thresholds; allowed are {Most}");
        }

        var json = new JsonObject();
        foreach (Threshold threshold in read)
        {
            json[threshold.Id] = ThresholdReader.Write(threshold);
        }

        return new ThresholdMap(json, read);
    }
}
