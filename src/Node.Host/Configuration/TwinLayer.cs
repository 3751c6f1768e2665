using System.Text.Json.Nodes;
using Node.Host.Twin;

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
            if (value is JsonObject component && SectionOf(name, options) is { } section)
            {
                Flatten(section, component, top);
            }
            else if (value is JsonValue)
            {
                top[$"Node:{char.ToUpperInvariant(name[0])}{name[1..]}"] = value.ToString();
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

    /// <summary>The section that holds what a member of the twin's root stands over; null for one that the node does not have.</summary>
    private static string? SectionOf(string name, NodeOptions options) =>
        options.Sensors.Any(sensor => sensor.Name == name) ? $"Node:Sensors:{name}"
        : options.Actuators.Any(actuator => actuator.Name == name) ? $"Node:Actuators:{name}"
        : name == SpoolProperty.Name ? "Node:Spool"
        : null;

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
