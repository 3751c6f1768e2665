using System.Text.Json;
using System.Text.Json.Nodes;
using Node.Sensors.Filters;

namespace Node.Host.Configuration;

/// <summary>A sensor's filters: as they were written, and as they were understood.</summary>
/// <param name="Json">The map of chains by quantity, without nulls; not to be changed.</param>
/// <param name="Settings">The same, checked.</param>
internal sealed record FilterMap(JsonObject Json, SensorFilterSettings Settings)
{
    public static readonly FilterMap None = new([], SensorFilterSettings.None);

    /// <summary>Reads flat configuration keys below <paramref name="path"/>, such as <c>temperature:10_offset</c>; faults come with their full path.</summary>
    public static FilterMap Read(IReadOnlyDictionary<string, string> keys, string path, IReadOnlyList<string> quantities, ICollection<string> faults)
    {
        var json = new JsonObject();
        foreach ((string key, string value) in keys)
        {
            string[] parts = key.Split(':');
            JsonObject place = json;
            foreach (string part in parts[..^1])
            {
                if (place[part] is not JsonObject inner)
                {
                    inner = [];
                    place[part] = inner;
                }

                place = inner;
            }

            place[parts[^1]] = value;
        }

        return new FilterMap(json, SensorFilterSettings.Read(keys.Select(pair => KeyValuePair.Create<string, string?>(pair.Key, pair.Value)), path, quantities, faults));
    }

    /// <summary>Reads a twin's value.</summary>
    public static FilterMap Read(JsonObject map, string path, IReadOnlyList<string> quantities, ICollection<string> faults)
    {
        using var document = JsonDocument.Parse(map.ToJsonString());
        return new FilterMap(map, SensorFilterSettings.Read(document.RootElement, path, quantities, faults));
    }
}
