using HilRig.Yaml;

namespace HilRig.Scenarios;

/// <summary>Reads a node's configuration overrides: keys below <c>Node:</c> with colons, such as <c>Sensors:climate:Interval: 500ms</c>.</summary>
internal static class NodeSettingsReader
{
    // The bench decides these itself; a file that sets them too would be silently overruled.
    private static readonly string[] Reserved = ["Hub:ConnectionString", "Hub:Port", "Hub:TrustedRootsFile", "DataFolder", "Http:Port", "Http:Address", "Bus:Provider", "Bus:Remote"];

    public static IReadOnlyDictionary<string, string> Read(YamlMap? map)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (map is null)
        {
            return settings;
        }
        foreach (string key in map.Keys)
        {
            if (Reserved.Contains(key, StringComparer.OrdinalIgnoreCase))
            {
                map.Fault(key, $"'{key}' is the bench's own; leave it out");
            }
            else if (map.Text(key, longest: 1000) is { } value)
            {
                settings[key] = value;
            }
        }
        map.Finish();
        return settings;
    }
}
