using System.Text.Json.Nodes;

namespace Node.Host.Configuration;

/// <summary>The top layer: what the cloud last asked and the node accepted, from the file that outlives a restart.</summary>
internal static class TwinLayer
{
    public const string Source = "twin";

    /// <summary>The kept values as settings, over those that the layers below give.</summary>
    public static IEnumerable<EffectiveSetting> Over(IEnumerable<EffectiveSetting> below, JsonObject kept, NodeOptions options)
    {
        Dictionary<string, string> top = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, JsonNode? value) in kept)
        {
            if (value is JsonObject component && options.Sensors.Any(sensor => sensor.Name == name))
            {
                Flatten($"Node:Sensors:{name}", component, top);
            }
            else if (value is JsonValue)
            {
                top[$"Node:{name}"] = value.ToString();
            }
        }

        foreach (EffectiveSetting setting in below)
        {
            yield return top.Remove(setting.Key, out string? value)
                ? new EffectiveSetting(setting.Key, value, Source, [$"{setting.Source}: {setting.Value}", .. setting.Over])
                : setting;
        }

        foreach ((string key, string value) in top)
        {
            yield return new EffectiveSetting(key, value, Source, []);
        }
    }

    private static void Flatten(string path, JsonObject values, Dictionary<string, string> into)
    {
        foreach ((string name, JsonNode? value) in values)
        {
            string key = $"{path}:{char.ToUpperInvariant(name[0])}{name[1..]}";
            if (value is JsonObject inner)
            {
                FlattenMap(key, inner, into);
            }
            else if (value is not null)
            {
                into[key] = value.ToString();
            }
        }
    }

    private static void FlattenMap(string path, JsonObject values, Dictionary<string, string> into)
    {
        foreach ((string name, JsonNode? value) in values)
        {
            if (value is JsonObject inner)
            {
                FlattenMap($"{path}:{name}", inner, into);
            }
            else if (value is not null)
            {
                into[$"{path}:{name}"] = value.ToString();
            }
        }
    }
}
